package dev.coracle.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * One row of the table.
 *
 * @param repeats how often a command is started for one sample, where it is started from outside
 */
record Measurement(String name, String unit, double nanosPerUnit, How how, int repeats, List<String> command) {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_MICRO = 1e3;
    private static final String FORKS = "i=0; while [ $i -lt 500 ]; do /bin/true; i=$((i+1)); done";
    /** Peers do not find every file that they have listed; that is not what is measured. */
    private static final String LISTINGS = "find / -xdev; ls -lR /usr 2>/dev/null; true";

    private static final String PYTHONS =
            "i=0; while [ $i -lt 20 ]; do /usr/bin/python3 -c 'import json, os, re'; i=$((i+1)); done";
    private static final String BUSY =
            "i=0; while [ $i -lt 16 ]; do /calls stat /etc/passwd 5000 & i=$((i+1)); done; wait";
    private static final String COMPILE = """
            mkdir -p /tmp/job && cd /tmp/job && rm -f *.o
            for i in 1 2 3 4 5 6 7 8; do
                printf '#include <stdio.h>\\n#include <stdlib.h>\\nint f%s(int n) { return printf("%%d", abs(n)); }\\n' $i > f$i.c
            done
            printf 'all: f1.o f2.o f3.o f4.o f5.o f6.o f7.o f8.o\\n' > Makefile
            make -s -j2 CFLAGS=-O2""";

    /** What is measured: the guest times itself, its start is timed from outside, or its memory is looked at. */
    enum How {
        INSIDE,
        SPAWN,
        MEMORY
    }

    Measurement {
        command = List.copyOf(command);
    }

    /** All rows, with those that compile something where the tree has a compiler. */
    static List<Measurement> all(boolean canCompile) {
        List<Measurement> rows = new ArrayList<>(List.of(
                whole("start /bin/true", 40, "/bin/true"),
                new Measurement(
                        "exec+exit of /bin/true",
                        "us",
                        NANOS_PER_MICRO,
                        How.INSIDE,
                        1,
                        List.of("/calls", "spawn", "200", "/bin/true")),
                whole("500 forks of /bin/true", 1, "/bin/sh", "-c", FORKS),
                calls("stat, hit", "stat", "/etc/passwd"),
                calls("stat, deep", "stat", "/lib/x86_64-linux-gnu/perl-base/File/Spec/Unix.pm"),
                calls("stat, missing", "stat", "/etc/no-such-file"),
                calls("open+close", "open", "/etc/passwd"),
                calls("readlink", "readlink", "/bin"),
                calls("getcwd", "getcwd", "/usr/lib"),
                calls("read, 1 byte", "read", "/dev/zero"),
                calls("write, 1 byte", "write", "/dev/null"),
                calls("a call of no interest", "other", "/"),
                new Measurement(
                        "a million steps, no call",
                        "us",
                        NANOS_PER_MICRO,
                        How.INSIDE,
                        1,
                        List.of("/calls", "reckon", "/", "50")),
                whole("find / and ls -lR /usr", 1, "/bin/sh", "-c", LISTINGS),
                whole("python3 -c pass", 5, "/usr/bin/python3", "-c", "pass"),
                whole("20 starts of python3", 1, "/bin/sh", "-c", PYTHONS),
                whole("16 busy processes", 1, "/bin/sh", "-c", BUSY),
                new Measurement(
                        "private memory of sh",
                        "KiB",
                        1,
                        How.MEMORY,
                        1,
                        List.of("/bin/sh", "-c", "echo ready; read line; true"))));
        if (canCompile) {
            rows.add(whole("make -j2 of 8 C files", 1, "/bin/sh", "-c", COMPILE));
        }
        return List.copyOf(rows);
    }

    /** The command to start from outside, which prints a number in one line: nanoseconds, or KiB. */
    List<String> commandFor(Contender contender, String calls) {
        List<String> words = new ArrayList<>();
        switch (how) {
            case INSIDE -> {}
            case SPAWN -> words.addAll(List.of(calls, "spawn", Integer.toString(repeats)));
            case MEMORY -> words.addAll(List.of(calls, "private", "1"));
        }
        words.addAll(contender.run(command));
        return words;
    }

    private static Measurement whole(String name, int repeats, String... command) {
        return new Measurement(name, "ms", NANOS_PER_MILLI, How.SPAWN, repeats, List.of(command));
    }

    private static Measurement calls(String name, String call, String path) {
        return new Measurement(name, "ns", 1, How.INSIDE, 1, List.of("/calls", call, path, "50000"));
    }
}
