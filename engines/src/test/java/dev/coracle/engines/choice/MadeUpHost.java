package dev.coracle.engines.choice;

import dev.coracle.engines.host.ShortCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A host that refuses what it is told to refuse: a container of runc in which this machine's programs are, under a filter of
 * system calls.
 *
 * @param place a directory that is at its own place in there, writable; all of the host's is below it
 * @param user who everybody is in there; 0 has every right, others have none
 * @param refused names of system calls, each with an answer: {@code NAME=ERRNO}
 */
record MadeUpHost(Path place, int user, List<String> refused) {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<String> RIGHTS = List.of(
            "CHOWN",
            "DAC_OVERRIDE",
            "DAC_READ_SEARCH",
            "FOWNER",
            "FSETID",
            "KILL",
            "SETGID",
            "SETUID",
            "SETPCAP",
            "SYS_CHROOT",
            "SYS_PTRACE",
            "SYS_ADMIN",
            "MKNOD",
            "SETFCAP");

    /** Runs a command in it, in a new container of this host each time. */
    ShortCommand run(Path runc, List<String> command) throws IOException {
        Path bundle = Files.createTempDirectory(place, "host");
        Path root = Files.createDirectories(bundle.resolve("root"));
        for (Path top : tops().filter(Files::isSymbolicLink).toList()) {
            Files.createSymbolicLink(root.resolve(top.getFileName()), Files.readSymbolicLink(top));
        }
        Files.writeString(bundle.resolve("config.json"), config(root, command));
        return ShortCommand.run(
                List.of(
                        runc.toString(),
                        "--root",
                        bundle.resolve("state").toString(),
                        "--rootless=true",
                        "run",
                        "--no-new-keyring",
                        "--bundle",
                        bundle.toString(),
                        "made-up-" + bundle.getFileName()),
                PATIENCE);
    }

    private String config(Path root, List<String> command) {
        return """
                {"ociVersion": "1.0.0",
                 "process": {"user": {"uid": %1$d, "gid": %1$d}, "args": [%2$s], "cwd": "/", "noNewPrivileges": false,
                  "env": ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"],
                  "capabilities": {"bounding": [%3$s], "effective": [%3$s], "permitted": [%3$s]}},
                 "root": {"path": "%4$s"},
                 "mounts": [%5$s],
                 "linux": {"namespaces": [{"type": "pid"}, {"type": "mount"}, {"type": "ipc"}],
                  "seccomp": {"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
                   "syscalls": [%6$s]}}}
                """.formatted(
                user,
                command.stream().map(MadeUpHost::quoted).collect(Collectors.joining(", ")),
                user == 0 ? RIGHTS.stream().map(right -> quoted("CAP_" + right)).collect(Collectors.joining(", ")) : "",
                root,
                mounts(),
                refused.stream().map(MadeUpHost::refusal).collect(Collectors.joining(", ")));
    }

    private String mounts() {
        List<String> mounts = new ArrayList<>(List.of(
                mount("/proc", "proc", "proc", "nosuid"),
                mount("/dev", "tmpfs", "tmpfs", "nosuid", "mode=755"),
                mount("/dev/pts", "devpts", "devpts", "newinstance", "ptmxmode=0666", "mode=0620"),
                mount("/sys", "none", "/sys", "rbind", "ro"),
                mount("/tmp", "tmpfs", "tmpfs", "mode=1777")));
        tops().filter(top -> Files.isDirectory(top) && !Files.isSymbolicLink(top))
                .forEach(top -> mounts.add(mount(top.toString(), "bind", top.toString(), "rbind", "ro")));
        mounts.add(mount("/etc", "bind", "/etc", "rbind", "ro"));
        mounts.add(mount(place.toString(), "bind", place.toString(), "rbind", "rw"));
        return String.join(", ", mounts);
    }

    private static Stream<Path> tops() {
        return Stream.of("/usr", "/bin", "/sbin", "/lib", "/lib64")
                .map(Path::of)
                .filter(Files::exists);
    }

    private static String mount(String destination, String type, String source, String... options) {
        return "{\"destination\": %s, \"type\": %s, \"source\": %s, \"options\": [%s]}"
                .formatted(
                        quoted(destination),
                        quoted(type),
                        quoted(source),
                        Stream.of(options).map(MadeUpHost::quoted).collect(Collectors.joining(", ")));
    }

    private static String refusal(String call) {
        String[] parts = call.split("=", -1);
        return "{\"names\": [%s], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": %s}"
                .formatted(quoted(parts[0]), parts[1]);
    }

    private static String quoted(String word) {
        return "\"" + word.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }
}
