package dev.coracle.engines.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program of the host that answers in a moment and reads nothing.
 *
 * @param code its exit code
 * @param output both of its streams, as they came
 */
public record ShortCommand(int code, String output) {
    private static final int OUTPUT_MOST = 4 << 20;

    /**
     * Runs it to its end.
     *
     * @throws IOException when it cannot be started, or has not ended after {@code patience} and was killed
     */
    public static ShortCommand run(List<String> command, Duration patience) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        Thread watch = Thread.startVirtualThread(() -> endAfter(process, patience));
        try (InputStream output = process.getInputStream()) {
            String said = new String(output.readNBytes(OUTPUT_MOST), StandardCharsets.UTF_8);
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(command.get(0) + " did not end within " + patience.toSeconds() + " s");
            }
            return new ShortCommand(process.exitValue(), said);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + command.get(0) + " ran", e);
        } finally {
            watch.interrupt();
            process.destroyForcibly();
        }
    }

    private static void endAfter(Process process, Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                // By its handle: the process would close its output too, from which somebody reads.
                process.toHandle().destroyForcibly();
            }
        } catch (InterruptedException e) {
            // It has ended.
            Thread.currentThread().interrupt();
        }
    }
}
