package dev.coracle.cli.lambda;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The {@code config.json} of one container, after the OCI runtime specification. */
final class RuncConfig {
    static final int USER = 993;
    static final int GROUP = 990;

    private static final int MOST_FILES = 1024;
    private static final int MOST_PROCESSES = 1024;
    private static final List<String> DEVICES = List.of("null", "zero", "full", "random", "urandom");

    /**
     * Process 1 reaps orphans, as Lambda's own does; a Java process would let them pile up. It must not replace itself
     * by its command, hence the exit. Its child reads the function's variables, as {@link #variables} writes them, from a
     * pipe: every process of the user can read the memory of process 1, what it was started with and what it holds open,
     * and the function's credentials are among the variables.
     */
    private static final List<String> INIT = List.of(
            "/bin/sh", "-c", "(eval \"set -- $(cat) \\\"\\$@\\\"\"; exec env -i \"$@\" </dev/null); exit $?", "sh");

    private final LambdaSettings settings;
    private final Deployment deployment;
    private final RuncRoot root;

    RuncConfig(LambdaSettings settings, Deployment deployment, RuncRoot root) {
        this.settings = settings;
        this.deployment = deployment;
        this.root = root;
    }

    /** The function's whole environment as process 1 wants to read it: shell words. */
    static byte[] variables(Map<String, String> variables) {
        return variables.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Writes the file for a container; with {@code cgroup} its memory is limited there. */
    void write(Path file, String cgroup) throws IOException {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("ociVersion", "1.0.2");
        config.put("process", process());
        config.put("root", Map.of("path", root.path().toString(), "readonly", true));
        config.put("hostname", "localhost");
        config.put("mounts", mounts());
        config.put("linux", linux(cgroup));
        Files.write(file, new ObjectMapper().writeValueAsBytes(config));
    }

    private Map<String, Object> process() {
        List<String> arguments = new ArrayList<>(INIT);
        arguments.addAll(Bootstrap.LAMBDA.command(settings));
        Map<String, Object> process = new LinkedHashMap<>();
        process.put("terminal", false);
        process.put("user", Map.of("uid", USER, "gid", GROUP));
        process.put("args", arguments);
        process.put("env", List.of("PATH=/usr/bin:/bin"));
        process.put("cwd", Bootstrap.LAMBDA.task());
        process.put("capabilities", Map.of());
        process.put(
                "rlimits",
                List.of(
                        limit("RLIMIT_NOFILE", MOST_FILES),
                        limit("RLIMIT_NPROC", MOST_PROCESSES),
                        limit("RLIMIT_CORE", 0)));
        // Setting it needs no rights and cannot be refused later, and Lambda does not have it set.
        process.put("noNewPrivileges", false);
        return process;
    }

    private List<Map<String, Object>> mounts() {
        List<Map<String, Object>> mounts = new ArrayList<>();
        mounts.add(Map.of("destination", "/proc", "type", "proc", "source", "proc"));
        // A bind at /dev keeps runc from filling it with its own devices and links.
        mounts.add(bind(root.devices(), "/dev", "ro"));
        for (String device : DEVICES) {
            mounts.add(bind(Path.of("/dev", device), "/dev/" + device, "rw"));
        }
        for (Path shared : root.shared()) {
            mounts.add(bind(shared, shared.toString(), "ro"));
        }
        mounts.add(bind(settings.java(), Bootstrap.LAMBDA.java(), "ro"));
        mounts.add(bind(deployment.runtime(), Bootstrap.LAMBDA.runtime(), "ro"));
        mounts.add(bind(deployment.task(), Bootstrap.LAMBDA.task(), "ro"));
        mounts.add(bind(deployment.opt(), Bootstrap.LAMBDA.opt(), "ro"));
        String size = "size=" + settings.tmpMegabytes() + "m";
        mounts.add(Map.of(
                "destination",
                "/tmp",
                "type",
                "tmpfs",
                "source",
                "tmpfs",
                "options",
                List.of("nosuid", "nodev", "mode=1777", size)));
        return mounts;
    }

    private Map<String, Object> linux(String cgroup) {
        Map<String, Object> linux = new LinkedHashMap<>();
        linux.put(
                "namespaces",
                List.of(Map.of("type", "pid"), Map.of("type", "mount"), Map.of("type", "ipc"), Map.of("type", "uts")));
        linux.put("seccomp", SeccompProfile.of(System.getProperty("os.arch", "")));
        if (!cgroup.isEmpty()) {
            // Files in a tmpfs count as memory, those of Lambda's /tmp do not.
            long bytes = (settings.memoryMegabytes() + (long) settings.tmpMegabytes()) << 20;
            linux.put("cgroupsPath", cgroup);
            linux.put("resources", Map.of("memory", Map.of("limit", bytes)));
        }
        return linux;
    }

    private static Map<String, Object> limit(String type, int value) {
        return Map.of("type", type, "hard", value, "soft", value);
    }

    private static Map<String, Object> bind(Path source, String destination, String access) {
        // A set-user-id program of the host must not change the user here.
        List<String> options = List.of("bind", access, "nosuid");
        return Map.of("destination", destination, "type", "bind", "source", source.toString(), "options", options);
    }

    static List<String> devices() {
        return DEVICES;
    }
}
