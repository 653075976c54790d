package dev.coracle.layers.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTest {
    @ParameterizedTest
    @CsvSource({
        "linux/x86_64, linux/amd64",
        "Linux/AMD64/v1, linux/amd64",
        "linux/aarch64, linux/arm64",
        "linux/arm64/v8, linux/arm64",
        "linux/arm64/8, linux/arm64",
        "linux/arm, linux/arm/v7",
        "linux/armhf, linux/arm/v7",
        "linux/armel, linux/arm/v6",
        "linux/arm/7, linux/arm/v7",
        "linux/i686, linux/386",
        "linux/ppc64le, linux/ppc64le",
        "linux, linux/amd64"
    })
    void everyWordHasOneNormalForm(String text, String normal) {
        assertThat(Platform.parse(text, "x86_64")).hasToString(normal);
    }

    /** wanted, what an index offers, which of them is taken (none: -1) */
    @ParameterizedTest
    @CsvSource({
        "linux/amd64, linux/arm64 linux/amd64, 1",
        "linux/amd64, linux/amd64/v3 linux/amd64, 1",
        "linux/amd64, linux/amd64/v2, -1",
        "linux/amd64/v3, linux/amd64 linux/amd64/v2 linux/amd64/v4, 1",
        "linux/amd64/v2, linux/amd64, 0",
        "linux/arm64, linux/arm64/v8, 0",
        "linux/arm64/v9, linux/arm64, 0",
        "linux/arm64, linux/arm64/v9, -1",
        "linux/arm/v7, linux/arm/v5 linux/arm/v6, 1",
        "linux/arm/v6, linux/arm/v7 linux/arm/v5, 1",
        "linux/arm/v6, linux/arm, -1",
        "linux/arm/v8, linux/arm/v6 linux/arm, 1",
        "linux/s390x, windows/amd64 unknown/unknown linux/s390x, 2",
        "linux/amd64, windows/amd64, -1"
    })
    void theBestThatRunsIsTaken(String wanted, String offered, int taken) {
        List<Platform> platforms = Arrays.stream(offered.split(" "))
                .map(each -> Platform.parse(each, "none"))
                .toList();
        assertThat(Platform.parse(wanted, "none").best(platforms).orElse(-1)).isEqualTo(taken);
    }

    @Test
    void whatIsNoPlatformIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Platform.parse("a/b/c/d", "x86_64"));
        assertThatIllegalArgumentException().isThrownBy(() -> Platform.parse("/amd64", "x86_64"));
        assertThatIllegalArgumentException().isThrownBy(() -> Platform.parse("linux/", "x86_64"));
    }
}
