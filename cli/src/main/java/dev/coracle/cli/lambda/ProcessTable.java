package dev.coracle.cli.lambda;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
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
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[1-9]*")) {
            for (Path folder : folders) {
                int candidate = Integer.parseInt(folder.getFileName().toString());
                if (namespace(candidate).equals(namespace)) {
                    members.add(candidate);
                }
            }
        } catch (IOException e) {
            return members;
        }
        return members;
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
