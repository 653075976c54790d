package dev.coracle.engines.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A program of the host that answers in a moment and reads nothing.
 *
 * @param code its exit code
 * @param output both of its streams, as they came
 */
public record ShortCommand(int code, String output) {
    private static final int OUTPUT_MOST = 4 << 20;

    /**
     * Runs it to its end. Who has its output open beyond that is not waited for longer than {@code patience}: then there is an error, or
     * what it has said itself.
     *
     * @throws InterruptedIOException when the thread was interrupted, as it stays
     * @throws IOException when it cannot be started, or has not ended after {@code patience} and was killed
     */
    public static ShortCommand run(List<String> command, Duration patience) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        // In a thread of its own, so that the one that waits can be interrupted.
        CompletableFuture<String> said =
                CompletableFuture.supplyAsync(() -> read(process.getInputStream()), Thread::startVirtualThread);
        long end = System.nanoTime() + patience.toNanos();
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw late(command, "did not end within", patience);
            }
            String output = said.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            return new ShortCommand(process.exitValue(), output);
        } catch (TimeoutException e) {
            throw (IOException) late(command, "has ended, but its output was open for more than", patience)
                    .initCause(e);
        } catch (ExecutionException e) {
            throw new IOException("reading what " + command.get(0) + " says: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while " + command.get(0) + " ran").initCause(e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static IOException late(List<String> command, String what, Duration patience) {
        return new IOException(command.get(0) + " " + what + " " + patience.toSeconds() + " s");
    }

    private static String read(InputStream output) {
        try {
            return new String(output.readNBytes(OUTPUT_MOST), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
