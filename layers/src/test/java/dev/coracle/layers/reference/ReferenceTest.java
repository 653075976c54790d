package dev.coracle.layers.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.coracle.layers.Digest;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTest {
    private static final String HEX = "0123456789abcdef".repeat(4);

    @ParameterizedTest
    @CsvSource({
        "a, docker.io/library/a:latest",
        "ubuntu, docker.io/library/ubuntu:latest",
        "ubuntu:22.04, docker.io/library/ubuntu:22.04",
        "library/ubuntu, docker.io/library/ubuntu:latest",
        "docker.io/ubuntu, docker.io/library/ubuntu:latest",
        "DOCKER.io/ubuntu, docker.io/library/ubuntu:latest",
        "index.docker.io/team/app:v1, docker.io/team/app:v1",
        "team/app, docker.io/team/app:latest",
        "ghcr.io/team/sub/app:V_1.0-x, ghcr.io/team/sub/app:V_1.0-x",
        "localhost/app, localhost/app:latest",
        "host:5000/app, host:5000/app:latest",
        "host:5000/app:v2, host:5000/app:v2",
        "[::1]:5000/app:v2, [::1]:5000/app:v2",
        "127.0.0.1:5000/a/b_c/d__e/f---g, 127.0.0.1:5000/a/b_c/d__e/f---g:latest",
        "HOST/app, HOST/app:latest",
        "GHCR.io/app, ghcr.io/app:latest",
        "ubuntu:5000/app:x, ubuntu:5000/app:x"
    })
    void everyNameHasOneNormalForm(String typed, String normal) {
        assertThat(Reference.parse(typed)).hasToString(normal).isEqualTo(Reference.parse(normal));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b", "host:5000/a", "a.b/c_d/e-f"})
    void aDigestMayFollowAnyName(String name) {
        Reference alone = Reference.parse(name + "@sha256:" + HEX);
        assertThat(alone.digest()).contains(new Digest("sha256", HEX));
        assertThat(alone.tag()).isEmpty();
        assertThat(Reference.parse(name + ":v1@sha256:" + HEX).tag()).contains("v1");
        assertThat(Reference.parse(name + ":v1@sha256:" + HEX).wanted()).isEqualTo("sha256:" + HEX);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "/",
                "a:",
                ":a",
                "a/",
                "/a",
                "a//b",
                "a/../b",
                "..",
                "a/..",
                "A",
                "a/B",
                "a b",
                "a:b c",
                "a@",
                "a@sha256:zz",
                "a@md5:00",
                "a@sha256:0123",
                "-a",
                "a-",
                "a..b",
                "a___b",
                "a:-x",
                "a:.x",
                "host:port/a",
                "host:123456/a",
                "[::1/a",
                "ä",
                "a:ä",
                "a\nb",
                "a:b@c:d@e:f",
                "a?b",
                "http://a/b",
                "host:/a",
                "a%2f"
            })
    void whatTheGrammarDoesNotKnowIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Reference.parse(text));
    }

    @Test
    void lengthsAreThoseOfTheSpecification() {
        assertThat(Reference.parse("a:" + "t".repeat(128)).tag())
                .hasValueSatisfying(tag -> assertThat(tag).hasSize(128));
        assertThatIllegalArgumentException().isThrownBy(() -> Reference.parse("a:" + "t".repeat(129)));
        assertThatIllegalArgumentException().isThrownBy(() -> Reference.parse("a".repeat(256)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Reference.parse(HEX))
                .withMessageContaining("id");
    }

    @Test
    void theMessageNamesThePartThatIsWrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Reference.parse("Team/App:v1"))
                .withMessageEndingWith(": App");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Reference.parse("app:~"))
                .withMessageStartingWith("a tag is")
                .withMessageEndingWith(": ~");
    }

    /** Whatever the bytes, the answer is a reference that reads itself back, or a refusal. */
    @Test
    void nothingButRefusalsComesOfNoise() {
        Random random = new Random(5);
        String letters = "aZ0.:/@_-[]é\0 ";
        int understood = 0;
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            Optional<Reference> read = tryParse(text.toString());
            if (read.isPresent()) {
                understood++;
                assertThat(Reference.parse(read.get().toString())).isEqualTo(read.get());
            }
        }
        assertThat(understood).isGreaterThan(300);
    }

    private static Optional<Reference> tryParse(String text) {
        try {
            return Optional.of(Reference.parse(text));
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageMatching("(?s).+");
            return Optional.empty();
        }
    }
}
