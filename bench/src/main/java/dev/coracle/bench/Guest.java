package dev.coracle.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A copy of the tree with the measuring program in it, removed when closed. */
record Guest(Path scratch) implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 120;
    private static final Map<String, String> ENVIRONMENT =
            Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME", "/", "LC_ALL", "C");

    /** Copies the tree and compiles the program into the copy. */
    static Guest prepare(Path tree, Path source) {
        if (!Files.isDirectory(tree)) {
            throw new BenchException("no tree at " + tree + ": run scripts/test-trees as root, or give --tree");
        }
        try {
            Guest guest =
                    new Guest(Files.createTempDirectory(tree.toAbsolutePath().getParent(), "bench"));
            run(List.of(
                    "cp", "-a", "--reflink=auto", tree.toString(), guest.tree().toString()));
            run(List.of("gcc", "-O2", "-o", guest.calls(), source.toString()));
            return guest;
        } catch (IOException e) {
            throw new BenchException("no scratch directory beside " + tree, e);
        }
    }

    Path tree() {
        return scratch.resolve("tree");
    }

    /** The measuring program, as the host sees it; inside the tree it is {@code /calls}. */
    String calls() {
        return tree().resolve("calls").toString();
    }

    /** Runs a command in a clean environment and gives what it printed. */
    static String run(List<String> command) {
        try {
            Path output = Files.createTempFile("bench", ".out");
            try {
                return run(command, output);
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new BenchException("cannot run " + command.getFirst() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }

    private static String run(List<String> command, Path output) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(ENVIRONMENT);
        Process process = builder.start();
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8).strip();
        if (!ended || process.exitValue() != 0) {
            throw new BenchException(String.join(" ", command) + (ended ? " failed: " : " did not end: ") + text);
        }
        return text;
    }

    @Override
    public void close() {
        run(List.of("rm", "-rf", "--one-file-system", scratch.toString()));
    }
}
