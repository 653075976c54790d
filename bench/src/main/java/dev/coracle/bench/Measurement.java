package dev.coracle.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * One row of the table.
 *
 * @param inside true when the guest times itself with the program {@code /calls}, false when the whole command is timed
 * @param repeats how often a command that is timed as a whole is started for one sample
 */
record Measurement(String name, String unit, double nanosPerUnit, boolean inside, int repeats, List<String> command) {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final String FORKS = "i=0; while [ $i -lt 500 ]; do /bin/true; i=$((i+1)); done";

    Measurement {
        command = List.copyOf(command);
    }

    static List<Measurement> all() {
        return List.of(
                whole("start /bin/true", 40, "/bin/true"),
                whole("500 forks of /bin/true", 1, "/bin/sh", "-c", FORKS),
                calls("stat, hit", "stat", "/etc/passwd"),
                calls("stat, deep", "stat", "/lib/x86_64-linux-gnu/perl-base/File/Spec/Unix.pm"),
                calls("stat, missing", "stat", "/etc/no-such-file"),
                calls("open+close", "open", "/etc/passwd"),
                whole("find /usr", 1, "/usr/bin/find", "/usr"),
                whole("python3 -c pass", 5, "/usr/bin/python3", "-c", "pass"));
    }

    /** The command to start from outside, which prints nanoseconds in one line. */
    List<String> commandFor(Contender contender, String calls) {
        if (inside) {
            return contender.run(command);
        }
        List<String> words = new ArrayList<>(List.of(calls, "spawn", Integer.toString(repeats)));
        words.addAll(contender.run(command));
        return words;
    }

    private static Measurement whole(String name, int repeats, String... command) {
        return new Measurement(name, "ms", NANOS_PER_MILLI, false, repeats, List.of(command));
    }

    private static Measurement calls(String name, String call, String path) {
        return new Measurement(name, "ns", 1, true, 1, List.of("/calls", call, path, "50000"));
    }
}
