package dev.coracle.engines;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * All processes of one run, however far they moved from each other: session, group and parent may have changed, the
 * marker in the memory that {@code /proc/PID/environ} shows is inherited by every fork and renewed by every exec.
 *
 * <p>{@link ProcessHandle#descendants()} is of no use here: it starts over as long as the table of processes grows.
 */
final class RunProcesses {
    /** One look that finds nothing proves nothing: who forks and ends all the time may just have changed its number. */
    private static final int QUIET_LOOKS = 3;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(1);
    private static final Path PROC = Path.of("/proc");

    /** Places in {@code /proc/PID/stat}, counted from the state, which is field 3 there. */
    private static final int STAT_STATE = 0;

    private static final int STAT_VSIZE = 23 - 3;
    private static final int STAT_ENV_END = 51 - 3;

    private final List<byte[]> markers;
    private final Set<Long> killed = new HashSet<>();

    RunProcesses(RunId id) {
        String engine = id.engineEntry().getKey() + "=" + id.engineEntry().getValue() + "\0";
        this.markers = Stream.of(id.marker(), engine)
                .map(text -> text.getBytes(StandardCharsets.US_ASCII))
                .toList();
    }

    /**
     * Kills until none is left.
     *
     * @return how many could still be seen when the time was up; 0 is the normal case
     */
    int kill(Duration within) {
        long end = System.nanoTime() + within.toNanos();
        int quiet = 0;
        boolean oldestFirst = true;
        Seen seen = new Seen();
        while (quiet < QUIET_LOOKS && System.nanoTime() < end) {
            seen = look(oldestFirst);
            oldestFirst = !oldestFirst;
            quiet = seen.nothing() ? quiet + 1 : 0;
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
        return quiet < QUIET_LOOKS ? seen.ours : 0;
    }

    /** What one look has found. */
    private static final class Seen {
        private int ours;
        private int betweenPrograms;

        boolean nothing() {
            return ours == 0 && betweenPrograms == 0;
        }
    }

    /** How many different processes were killed. */
    int count() {
        return killed.size();
    }

    /**
     * In turns: one that forks all the time is older than what it makes and must not have its turn last; of those that
     * are gone in a moment only the youngest are still there.
     */
    private Seen look(boolean oldestFirst) {
        List<Long> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, RunProcesses::isProcess)) {
            processes.forEach(
                    process -> found.add(Long.valueOf(process.getFileName().toString())));
        } catch (IOException | DirectoryIteratorException e) {
            throw new EngineException(
                    EngineException.Kind.IO, "looking for processes of the run", e.toString(), "mount /proc", e);
        }
        found.sort(oldestFirst ? Comparator.naturalOrder() : Comparator.reverseOrder());
        Seen seen = new Seen();
        found.forEach(process -> killIfOurs(process, seen));
        return seen;
    }

    /** The handle is taken first: it knows the start time, so a number that is used again is never killed. */
    private void killIfOurs(long process, Seen seen) {
        Optional<ProcessHandle> handle = ProcessHandle.of(process);
        if (handle.isEmpty()) {
            return;
        }
        try {
            byte[] environment = Files.readAllBytes(PROC.resolve(process + "/environ"));
            if (hasMarker(environment)) {
                seen.ours++;
                killOne(handle.get());
            } else if (environment.length == 0 && isBetweenPrograms(process)) {
                seen.betweenPrograms++;
            }
        } catch (IOException e) {
            // Gone in the meantime, or another user's.
        }
    }

    /**
     * A process that executes a program has new memory before it has an environment in it, and may wait there for long
     * on a busy machine. It may be ours, so it has to be looked at again. (proc_pid_stat(5): state, vsize, env_end.)
     */
    private static boolean isBetweenPrograms(long process) throws IOException {
        String stat = Files.readString(PROC.resolve(process + "/stat"), StandardCharsets.ISO_8859_1);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).strip().split(" ", -1);
        return fields.length > STAT_ENV_END
                && !"ZX".contains(fields[STAT_STATE])
                && !fields[STAT_VSIZE].equals("0")
                && fields[STAT_ENV_END].equals("0");
    }

    private void killOne(ProcessHandle process) {
        killed.add(process.pid());
        process.destroyForcibly();
    }

    private boolean hasMarker(byte[] entries) {
        for (int start = 0; start < entries.length; start = next(entries, start)) {
            int at = start;
            if (markers.stream().anyMatch(marker -> startsWith(entries, at, marker))) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(byte[] entries, int start, byte[] marker) {
        int end = start + marker.length;
        return end <= entries.length && Arrays.equals(entries, start, end, marker, 0, marker.length);
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
