package dev.coracle.cli.lambda;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code /proc} and sends signals. A process may end at any moment: asking about one that is gone is no error. */
final class ProcessTable {
    static final int SIGKILL = 9;
    static final int SIGCONT = 18;
    static final int SIGSTOP = 19;

    private static final Path PROC = Path.of("/proc");
    private static final Pattern PEAK = Pattern.compile("(?m)^VmHWM:\\s+(\\d+) kB");
    private static final CLibrary C = Native.load("c", CLibrary.class);

    private ProcessTable() {}

    /** The part of libc that Java lacks. */
    interface CLibrary extends Library {
        /** See kill(2); 0 or -1. */
        int kill(int pid, int signal);
    }

    static void signal(int pid, int signal) {
        C.kill(pid, signal);
    }

    /** All processes in the pid namespace of {@code pid}; empty when it is gone. */
    static Set<Integer> namespaceOf(int pid) {
        Set<Integer> members = new HashSet<>();
        String namespace = namespace(pid);
        if (namespace.isEmpty()) {
            return members;
        }
        for (int candidate : all()) {
            if (namespace(candidate).equals(namespace)) {
                members.add(candidate);
            }
        }
        return members;
    }

    /**
     * A process and all that descend from it, of one look at the table; empty when it is gone. (The handles that Java has
     * start their look over for as long as the table grows, which a function can make it do.)
     */
    static Set<Integer> familyOf(int pid) {
        Map<Integer, List<Integer>> children = new HashMap<>();
        for (int candidate : all()) {
            children.computeIfAbsent(parent(candidate), parent -> new ArrayList<>())
                    .add(candidate);
        }
        Set<Integer> family = new LinkedHashSet<>();
        Deque<Integer> found = new ArrayDeque<>(state(pid) == 'X' ? List.of() : List.of(pid));
        while (!found.isEmpty()) {
            int member = found.pop();
            if (family.add(member)) {
                found.addAll(children.getOrDefault(member, List.of()));
            }
        }
        return family;
    }

    private static int parent(int pid) {
        String stat = read(pid, "stat");
        int name = stat.lastIndexOf(") ");
        return name < 0 ? 0 : Integer.parseInt(stat.substring(name + 4).split(" ", 2)[0]);
    }

    private static List<Integer> all() {
        List<Integer> all = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[1-9]*")) {
            folders.forEach(
                    folder -> all.add(Integer.valueOf(folder.getFileName().toString())));
        } catch (IOException | DirectoryIteratorException e) {
            return all;
        }
        return all;
    }

    /** The letter of proc(5) for the state of a process, such as T for stopped; X when it is gone. */
    static char state(int pid) {
        String stat = read(pid, "stat");
        int name = stat.lastIndexOf(") ");
        return name < 0 ? 'X' : stat.charAt(name + 2);
    }

    /** The highest resident size so far, in bytes. */
    static long peakBytes(int pid) {
        Matcher peak = PEAK.matcher(read(pid, "status"));
        return peak.find() ? Long.parseLong(peak.group(1)) * 1024 : 0;
    }

    /** The content of one file of {@code /proc/PID}, empty when the process is gone or not ours to look at. */
    static String read(int pid, String file) {
        try {
            return Files.readString(PROC.resolve(String.valueOf(pid)).resolve(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private static String namespace(int pid) {
        try {
            return Files.readSymbolicLink(PROC.resolve(pid + "/ns/pid")).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
