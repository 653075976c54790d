package dev.coracle.engines.guests;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Runs guests in mount and pid namespaces of their own, so that nothing they mount, start or leave behind reaches the host.
 * The namespaces belong to the test, not to the engine: both confinements get the same ones.
 *
 * @param starter the script {@code starter.pl} on disk
 * @param scratch where status files go
 * @param deadline how long a guest may run
 */
public record GuestRunner(Path starter, Path scratch, Duration deadline) {
    private static final int OUTPUT_LIMIT = 16 << 20;

    /** Runs the guest; the end is {@code timed out} when the deadline passed. */
    public GuestOutcome run(Path tree, Confinement confinement, GuestCommand guest) {
        try (var readers = Executors.newVirtualThreadPerTaskExecutor()) {
            Path status = Files.createTempFile(scratch, "status", ".txt");
            Process process = new ProcessBuilder(commandLine(tree, confinement, guest, status)).start();
            var stdout = CompletableFuture.supplyAsync(() -> read(process.getInputStream()), readers);
            var stderr = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()), readers);
            readers.execute(() -> feed(process.getOutputStream(), guest.stdin()));
            boolean ended = process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            String end = ended ? Files.readString(status) : "timed out after " + deadline.toSeconds() + " s";
            Files.delete(status);
            return new GuestOutcome(end, stdout.join(), stderr.join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + guest.argv(), e);
        }
    }

    private List<String> commandLine(Path tree, Confinement confinement, GuestCommand guest, Path status) {
        List<String> line = new ArrayList<>(List.of("unshare", "--mount", "--pid", "--fork", "--kill-child", "--"));
        line.addAll(List.of("perl", starter.toString(), status.toString()));
        switch (confinement) {
            case Confinement.RealChroot() -> line.addAll(chroot(tree.toString(), guest));
            case Confinement.KernelOverlay overlay -> line.addAll(chroot(overlay.mount(tree), guest));
            case Confinement.OfTheHost() -> line.addAll(chroot("-", guest));
            case Confinement.EngineOverlay overlay -> {
                line.addAll(List.of("-", "/", "0", "0"));
                line.addAll(overlay.commandLine(tree, guest));
            }
            case Confinement.Engine engine -> {
                line.addAll(List.of("-", "/", "0", "0"));
                line.addAll(engine.commandLine(tree, guest));
            }
        }
        return line;
    }

    private static List<String> chroot(String tree, GuestCommand guest) {
        List<String> line = new ArrayList<>(List.of(tree, GuestCommand.WORKDIR));
        line.add(Integer.toString(guest.binds().size()));
        line.addAll(guest.binds());
        line.add(Integer.toString(guest.environment().size()));
        guest.environment().forEach((name, value) -> line.add(name + "=" + value));
        line.addAll(guest.argv());
        return line;
    }

    private static String read(InputStream stream) {
        try (stream) {
            return new String(stream.readNBytes(OUTPUT_LIMIT), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void feed(OutputStream stream, String text) {
        try (stream) {
            stream.write(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // The guest ended without reading all of it: its own choice.
        }
    }
}
