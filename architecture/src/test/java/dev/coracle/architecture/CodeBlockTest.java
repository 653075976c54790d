package dev.coracle.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CodeBlockTest {
    @Test
    void blocksComeInOrderWithKindTextAndLine() {
        var page = "# Page\n\n```sh deploy\naws s3 ls\n```\n\ntext\n```json\n{}\n\n```\n";
        assertThat(CodeBlock.of(page))
                .containsExactly(new CodeBlock("sh deploy", "aws s3 ls\n", 4), new CodeBlock("json", "{}\n\n", 9));
    }

    @Test
    void aBlockInAListIsABlock() {
        assertThat(CodeBlock.of("- item\n\n  ```\n  x\n  ```\n")).containsExactly(new CodeBlock("", "  x\n", 4));
    }

    @Test
    void anOpenFenceIsRefusedWithItsLine() {
        assertThatThrownBy(() -> CodeBlock.of("a\n```sh\nls\n")).hasMessageEndingWith("line 2");
    }
}
