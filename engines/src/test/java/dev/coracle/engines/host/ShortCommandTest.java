package dev.coracle.engines.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShortCommandTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    private static List<String> shell(String script) {
        return List.of("sh", "-c", script);
    }

    @Test
    void tellsItsCodeAndBothOutputs() throws IOException {
        assertThat(ShortCommand.run(shell("echo one; echo two >&2; exit 3"), LONG))
                .isEqualTo(new ShortCommand(3, "one\ntwo\n"));
    }

    @Test
    void takesMoreThanAPipeHolds() throws IOException {
        assertThat(ShortCommand.run(shell("head -c 1000000 /dev/zero | tr '\\0' x"), LONG)
                        .output())
                .hasSize(1_000_000);
    }

    @Test
    void doesNotWaitForOneThatDoesNotEnd() {
        assertThatThrownBy(() -> ShortCommand.run(shell("exec sleep 300"), Duration.ofMillis(200)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("sh did not end within");
    }

    /** Whether the platform ends the output at the command's own end depends on who comes first, its reader or that end. */
    @Test
    void doesNotWaitForWhomItHasLeftItsOutputTo() {
        Throwable thrown =
                catchThrowable(() -> assertThat(ShortCommand.run(shell("sleep 30 & exit 7"), Duration.ofSeconds(2)))
                        .isEqualTo(new ShortCommand(7, "")));
        if (thrown != null) {
            assertThat(thrown).isInstanceOf(IOException.class).hasMessageContaining("output was open");
        }
    }

    @Test
    void anInterruptionEndsTheWait() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> ShortCommand.run(shell("exec sleep 300"), LONG))
                .isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
