package dev.coracle.architecture;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Commands run in a directory, with Coracle's launcher told not to build: the build that runs the tests has done it. */
record Shell(Path directory, Duration patience) {
    /** How a command ended, and what it printed on both streams together. */
    record Ended(int exitCode, String output) {}

    private static final int KILLED = 128 + 9;

    /** Runs a script with {@code bash -euo pipefail}. */
    Ended script(String text) throws IOException, InterruptedException {
        return run(List.of("bash", "-euo", "pipefail", "-c", text));
    }

    /** Parses a script without running it. */
    Ended parse(String text) throws IOException, InterruptedException {
        return run(List.of("bash", "-n", "-c", text));
    }

    /** What has no end is killed with its whole group, however fast it forks. */
    private Ended run(List<String> command) throws IOException, InterruptedException {
        var log = Files.createTempFile("shell", ".log");
        var words = new ArrayList<>(List.of("timeout", "--signal=KILL", String.valueOf(patience.toSeconds())));
        words.addAll(command);
        var builder = new ProcessBuilder(words)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(Map.of("CORACLE_BUILD", "no", "JAVA_HOME", System.getProperty("java.home")));
        try {
            var process = builder.start();
            process.getOutputStream().close();
            int exitCode = process.waitFor();
            return new Ended(
                    exitCode, exitCode == KILLED ? "not finished after " + patience + "\n" + read(log) : read(log));
        } finally {
            Files.delete(log);
        }
    }

    private static String read(Path log) throws IOException {
        return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    }
}
