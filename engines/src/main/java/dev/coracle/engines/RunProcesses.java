package dev.coracle.engines;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * All processes of one run, however far they moved from each other: session, group and parent may have changed, the
 * marker in the memory that {@code /proc/PID/environ} shows is inherited by every fork and renewed by every exec.
 */
final class RunProcesses {
    /**
     * One look that finds nothing proves nothing: a process between two programs shows no environment for a moment, and
     * one that forks and ends all the time may just have changed its number.
     */
    private static final int QUIET_LOOKS = 3;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(1);
    private static final Path PROC = Path.of("/proc");

    private final byte[] marker;
    private final Set<Long> killed = new HashSet<>();

    RunProcesses(RunId id) {
        this.marker = id.marker().getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Kills until none is left.
     *
     * @return how many could still be seen when the time was up; 0 is the normal case
     */
    int kill(Duration within) {
        long end = System.nanoTime() + within.toNanos();
        int quiet = 0;
        int seen = 0;
        boolean oldestFirst = true;
        while (quiet < QUIET_LOOKS && System.nanoTime() < end) {
            seen = look(oldestFirst);
            oldestFirst = !oldestFirst;
            quiet = seen == 0 ? quiet + 1 : 0;
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
        return quiet < QUIET_LOOKS ? seen : 0;
    }

    /** Kills one process that belongs to the run without having the marker, and all its descendants. */
    void kill(ProcessHandle process) {
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroyForcibly();
        descendants.forEach(this::killOne);
    }

    /** How many different processes were killed. */
    int count() {
        return killed.size();
    }

    /**
     * In turns: one that forks all the time is older than what it makes and must not have its turn last; of those that
     * are gone in a moment only the youngest are still there.
     */
    private int look(boolean oldestFirst) {
        List<Long> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, RunProcesses::isProcess)) {
            processes.forEach(
                    process -> found.add(Long.valueOf(process.getFileName().toString())));
        } catch (IOException | DirectoryIteratorException e) {
            throw new EngineException(
                    EngineException.Kind.IO, "looking for processes of the run", e.toString(), "mount /proc", e);
        }
        found.sort(oldestFirst ? Comparator.naturalOrder() : Comparator.reverseOrder());
        return found.stream().mapToInt(this::killIfOurs).sum();
    }

    /** The handle is taken first: it knows the start time, so a number that is used again is never killed. */
    private int killIfOurs(long process) {
        Optional<ProcessHandle> handle = ProcessHandle.of(process);
        if (handle.isEmpty() || !hasMarker(PROC.resolve(process + "/environ"))) {
            return 0;
        }
        killOne(handle.get());
        return 1;
    }

    private void killOne(ProcessHandle process) {
        killed.add(process.pid());
        process.destroyForcibly();
    }

    private boolean hasMarker(Path environ) {
        byte[] entries;
        try {
            entries = Files.readAllBytes(environ);
        } catch (IOException e) {
            // Gone in the meantime, or another user's.
            return false;
        }
        for (int start = 0; start + marker.length <= entries.length; start = next(entries, start)) {
            if (startsWithMarker(entries, start)) {
                return true;
            }
        }
        return false;
    }

    private boolean startsWithMarker(byte[] entries, int start) {
        for (int i = 0; i < marker.length; i++) {
            if (entries[start + i] != marker[i]) {
                return false;
            }
        }
        return true;
    }

    private static int next(byte[] entries, int start) {
        int i = start;
        while (i < entries.length && entries[i] != 0) {
            i++;
        }
        return i + 1;
    }

    private static boolean isProcess(Path entry) {
        String name = entry.getFileName().toString();
        return Character.isDigit(name.charAt(0));
    }
}
