package dev.coracle.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coracle.engines.Mode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void everyDefault() {
        assertThat(Settings.of(Map.of("PATH", "/bin", "AWS_REGION", "eu-west-1")))
                .isEqualTo(new Settings(
                        Path.of("/opt"), Path.of("/tmp/coracle"), Duration.ofSeconds(1), 6_291_556, Optional.empty()));
    }

    @Test
    void everyKey() {
        assertThat(Settings.of(Map.of(
                        "CORACLE_OPT", "/layers",
                        "CORACLE_WORK", "/tmp/work",
                        "CORACLE_MARGIN_MS", "250",
                        "CORACLE_MAX_RESPONSE_BYTES", "262144",
                        "CORACLE_MODE", "P2")))
                .isEqualTo(new Settings(
                        Path.of("/layers"),
                        Path.of("/tmp/work"),
                        Duration.ofMillis(250),
                        262_144,
                        Optional.of(Mode.P2)));
        assertThat(Settings.KEYS).hasSize(5);
    }

    @Test
    void allProblemsAtOnceWithTheNearestKnownName() {
        assertThatThrownBy(() -> Settings.of(Map.of(
                        "CORACLE_OPT", "layers",
                        "CORACLE_WORKS", "/tmp",
                        "CORACLE_MARGIN_MS", "-1",
                        "CORACLE_MAX_RESPONSE_BYTES", "99999999",
                        "CORACLE_MODE", "F9")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "the function's environment variables: CORACLE_WORKS is not known, did you mean CORACLE_WORK?;"
                                + " CORACLE_OPT must be an absolute path without a colon, it is \"layers\";"
                                + " CORACLE_MARGIN_MS must be a whole number from 0 to 60000, it is \"-1\";"
                                + " CORACLE_MAX_RESPONSE_BYTES must be a whole number from 4096 to 6291556, it is \"99999999\";"
                                + " CORACLE_MODE must be one of F1, F2, F3, F4, P1, P2, R1, R2, R3, S1, it is \"F9\"");
    }
}
