package dev.coracle.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A copy of the tree with the measuring program in it, removed when closed. */
record Guest(Path scratch) implements AutoCloseable {
    private static final String PATIENCE_SECONDS = "120";
    private static final int KILLED = 128 + 9;
    private static final Map<String, String> ENVIRONMENT =
            Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME", "/", "LC_ALL", "C");

    /** Copies the tree, compiles the program into the copy, and makes the index that F3 needs. */
    static Guest prepare(BenchOptions options) {
        Path tree = options.tree();
        if (!Files.isDirectory(tree)) {
            throw new BenchException("no tree at " + tree + ": run scripts/test-trees as root, or give --tree");
        }
        try {
            Guest guest =
                    new Guest(Files.createTempDirectory(tree.toAbsolutePath().getParent(), "bench"));
            run(List.of(
                    "cp", "-a", "--reflink=auto", tree.toString(), guest.tree().toString()));
            run(List.of("gcc", "-O2", "-o", guest.calls(), options.guestSource().toString()));
            run(List.of(
                    options.engine().toAbsolutePath().toString(),
                    "index",
                    guest.tree().toString()));
            run(List.of(
                    options.engine().toAbsolutePath().toString(),
                    "index",
                    guest.tree().toString(),
                    "--for=P2"));
            return guest;
        } catch (IOException e) {
            throw new BenchException("no scratch directory beside " + tree, e);
        }
    }

    Path tree() {
        return scratch.resolve("tree");
    }

    /** Whether the tree has what it takes to compile C. */
    boolean canCompile() {
        return Files.exists(tree().resolve("usr/bin/gcc")) && Files.exists(tree().resolve("usr/bin/make"));
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
        // It kills the whole group, which a guest that forks all the time cannot outrun.
        List<String> words = new ArrayList<>(List.of("timeout", "--signal=KILL", PATIENCE_SECONDS));
        words.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(ENVIRONMENT);
        Process process = builder.start();
        int exitCode = process.waitFor();
        String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8).strip();
        if (exitCode != 0) {
            throw new BenchException(
                    String.join(" ", command) + (exitCode == KILLED ? " did not end: " : " failed: ") + lastLine(text));
        }
        return text;
    }

    private static String lastLine(String text) {
        return text.lines().reduce("", (first, last) -> last);
    }

    @Override
    public void close() {
        run(List.of("rm", "-rf", "--one-file-system", scratch.toString()));
    }
}
