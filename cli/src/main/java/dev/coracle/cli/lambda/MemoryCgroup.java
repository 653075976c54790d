package dev.coracle.cli.lambda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The memory control group of a process, in either hierarchy of the kernel. */
final class MemoryCgroup {
    private static final Path BASE = Path.of("/sys/fs/cgroup");
    private static final Pattern SEPARATE = Pattern.compile("(?m)^\\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)$");
    private static final Pattern UNIFIED = Pattern.compile("(?m)^0::(.*)$");
    private static final Pattern SHARED = Pattern.compile("(?m)^shmem (\\d+)$");

    private MemoryCgroup() {}

    /** True when this process may make memory groups. */
    static boolean writable() {
        Path separate = BASE.resolve("memory");
        Path probe = (Files.isDirectory(separate) ? separate : BASE)
                .resolve("coracle-probe-" + ProcessHandle.current().pid());
        try {
            Files.createDirectory(probe);
            boolean limited =
                    Files.exists(probe.resolve("memory.limit_in_bytes")) || Files.exists(probe.resolve("memory.max"));
            Files.delete(probe);
            return limited;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * The highest use so far in bytes, without the files that are in {@code /tmp} now; 0 when there is no such group.
     */
    static long peakBytes(int pid) {
        String groups = ProcessTable.read(pid, "cgroup");
        Path folder = group(SEPARATE, groups, BASE.resolve("memory"))
                .or(() -> group(UNIFIED, groups, BASE))
                .orElse(BASE);
        Matcher shared = SHARED.matcher(read(folder.resolve("memory.stat")));
        long files = shared.find() ? Long.parseLong(shared.group(1)) : 0;
        long peak = number(read(folder.resolve("memory.max_usage_in_bytes")));
        return Math.max(0, Math.max(peak, number(read(folder.resolve("memory.peak")))) - files);
    }

    private static Optional<Path> group(Pattern pattern, String groups, Path base) {
        Matcher matcher = pattern.matcher(groups);
        if (!matcher.find()) {
            return Optional.empty();
        }
        return Optional.of(base.resolve(matcher.group(1).substring(1)));
    }

    private static long number(String text) {
        return text.isBlank() ? 0 : Long.parseLong(text.strip());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
