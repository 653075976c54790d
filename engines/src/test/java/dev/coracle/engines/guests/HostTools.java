package dev.coracle.engines.guests;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What this machine offers to the tests. */
public final class HostTools {
    private HostTools() {}

    /** Finds a program on the search path. */
    public static Optional<Path> find(String program) {
        return searchPath()
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Stream<String> searchPath() {
        // The only environment value the tests read; ProcessBuilder hands it out without System.getenv.
        String path = new ProcessBuilder().environment().getOrDefault("PATH", "/usr/bin:/bin");
        return Arrays.stream(path.split(File.pathSeparator, -1));
    }

    /** Why the tests that compare with a real chroot cannot run here; empty when they can. */
    public static Optional<String> whyNoChroot() {
        if (!new com.sun.security.auth.module.UnixSystem().getUsername().equals("root")) {
            return Optional.of("a real chroot needs root");
        }
        for (String program : List.of("unshare", "perl", "mount", "find", "cp")) {
            if (find(program).isEmpty()) {
                return Optional.of("the program " + program + " is missing");
            }
        }
        List<String> probe = List.of("unshare", "--mount", "--pid", "--fork", "mount", "-t", "proc", "proc", "/proc");
        return exitCode(probe) == 0
                ? Optional.empty()
                : Optional.of("mount and pid namespaces with a /proc of their own are refused here");
    }

    /** Why the kernel's overlayfs cannot be compared with here; empty when it can. */
    public static Optional<String> whyNoOverlay(Path scratch) {
        String probe =
                "mkdir -p l u w m && mount -t overlay overlay -o lowerdir=l,upperdir=u,workdir=w m && mount --bind l l";
        List<String> command = List.of("unshare", "--mount", "sh", "-c", "cd \"$0\" && " + probe, scratch.toString());
        return exitCode(command) == 0
                ? Optional.empty()
                : Optional.of("the kernel's overlayfs cannot be mounted over " + scratch);
    }

    /** Runs a host command to its end, up to ten minutes, its output thrown away. */
    public static int exitCode(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            if (process.waitFor(10, TimeUnit.MINUTES)) {
                return process.exitValue();
            }
            process.destroyForcibly();
            return -1;
        } catch (IOException e) {
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command, e);
        }
    }

    /** Runs a host command that has to succeed. */
    public static void require(String... command) {
        int code = exitCode(List.of(command));
        if (code != 0) {
            throw new IllegalStateException("exit code " + code + " from " + String.join(" ", command));
        }
    }
}
