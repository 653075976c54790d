package dev.coracle.layers.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalNameTest {
    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

    @ParameterizedTest
    @CsvSource({
        "ubuntu, ubuntu/latest",
        "a, a/latest",
        "MyImage:V1, MyImage/V1",
        "docker.io/library/ubuntu:22.04, docker.io/library/ubuntu/22.04",
        "host:5000/img:tag, host/5000/img:tag",
        "host:5000/a/b, host/5000/a/b:latest",
        "IMPORTED:unknown, IMPORTED/unknown"
    })
    void imagesLieWhereUdockerKeepsThem(String typed, String place) {
        LocalName name = LocalName.parse(typed);
        assertThat(name.place()).isEqualTo(place);
        assertThat(LocalName.ofPlace(place)).contains(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ubuntu", "a/b", "host:5000/img"})
    void aDigestTakesTheTagsPlace(String typed) {
        LocalName name = LocalName.parse(typed + "@" + DIGEST);
        assertThat(name.tag()).isEqualTo(DIGEST);
        assertThat(LocalName.parse(typed + ":v1@" + DIGEST)).isEqualTo(name);
        assertThat(LocalName.parse(name.toString())).as("as it is listed").isEqualTo(name);
        assertThat(LocalName.ofPlace(name.place())).contains(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "..",
                "../a",
                "a/..",
                "a/../../b",
                "/a",
                "a/",
                "a//b",
                ".",
                "a/./b",
                ".removed-1/x",
                "a/.removed-1",
                ".lock-change",
                "a:..",
                "a:",
                "a:b/c:",
                "a:x/b",
                "a b",
                "a\0b",
                "a/b:c:d",
                "a:sha256:00",
                "a:../x"
            })
    void whatCouldLeaveTheRepositoryIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> LocalName.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ubuntu", "library/ubuntu", "docker.io/ubuntu", "docker.io/library/ubuntu"})
    void everyNameOfAnImageOfTheHubFindsIt(String typed) {
        assertThat(LocalName.parse(typed).alternatives())
                .startsWith(LocalName.parse(typed))
                .contains(
                        LocalName.parse("ubuntu"),
                        LocalName.parse("library/ubuntu"),
                        LocalName.parse("docker.io/ubuntu"),
                        LocalName.parse("docker.io/library/ubuntu"));
    }

    @Test
    void namesOfOtherRegistriesAndOfThisMachineStandForThemselves() {
        assertThat(LocalName.parse("ghcr.io/a/b").alternatives()).containsExactly(LocalName.parse("ghcr.io/a/b"));
        assertThat(LocalName.parse("MyImage:x").alternatives()).containsExactly(LocalName.parse("MyImage:x"));
        assertThat(LocalName.parse("MyImage:x").reference()).isEmpty();
    }
}
