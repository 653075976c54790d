package dev.coracle.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Runs the system's own tools, which are the reference that trees and archives are compared with. */
public final class Shell {
    private static final int DEADLINE_SECONDS = 120;

    private Shell() {}

    /** Runs a script in a directory and returns what it printed; fails the test when the script fails. */
    public static String run(Path directory, String script) throws IOException, InterruptedException {
        Path output = Files.createTempFile("shell", ".out");
        try {
            Process process = new ProcessBuilder("bash", "-euo", "pipefail", "-c", script)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            String printed = Files.readString(output, StandardCharsets.ISO_8859_1);
            assertThat(ended).as("ended in time: %s", script).isTrue();
            assertThat(process.exitValue()).as("%s%n%s", script, printed).isZero();
            return printed;
        } finally {
            Files.delete(output);
        }
    }

    /** Skips the test, visibly, when a program is not installed. */
    public static void needs(String program) throws IOException, InterruptedException {
        Process found = new ProcessBuilder("sh", "-c", "command -v " + program).start();
        Assumptions.assumeTrue(found.waitFor() == 0, program + " is not installed");
    }

    /** Skips the test, visibly, for everybody but root. */
    public static void needsRoot() throws IOException, InterruptedException {
        Process id = new ProcessBuilder("id", "-u").start();
        String user = new String(id.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim();
        Assumptions.assumeTrue(id.waitFor() == 0 && user.equals("0"), "needs root");
    }

    /** A line for each name below a directory: type, mode, size, time, links, target, content and attributes. */
    public static String describe(Path tree) throws IOException, InterruptedException {
        return run(tree, """
                export LC_ALL=C
                find . -printf '%p %y %m %n %T@ %l ' \\( -type f -printf '%s' -o -true \\) -printf '\\n' | sort
                find . -type f -print0 | sort -z | xargs -0r sha256sum
                command -v getfattr >/dev/null && getfattr -R -h -d -m - . 2>/dev/null | sort || true
                """);
    }
}
