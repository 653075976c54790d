package dev.coracle.engines.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineExceptionTest {
    @Test
    void linesThatMatchAsAWholeAreLeftOut() {
        List<LineException> read = LineException.parse("# A | B | C\n\na.* | (b|c) | it is so\n");
        assertThat(read).hasSize(1);
        assertThat(read.getFirst().reason()).isEqualTo("it is so");
        assertThat(LineException.without(read.stream(), "a\nb\nbb\nc\n")).isEqualTo("a\nbb\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a | b", "a | b | c | d", "a | b | "})
    void aLineOfAnotherShapeIsRefused(String line) {
        assertThatThrownBy(() -> LineException.parse(line)).hasMessage("expected CASES | LINE | REASON: " + line);
    }

    /** Otherwise a case that was renamed would leave its exception behind. */
    @Test
    void whatLambdaLacksIsAboutCasesThatExist() {
        List<GuestCase> cases = CaseFiles.all().toList();
        assertThat(NotInLambda.read().entries())
                .allSatisfy(entry -> assertThat(cases).anyMatch(guestCase -> NotInLambda.isAbout(entry, guestCase)));
    }
}
