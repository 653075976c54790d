package dev.coracle.engines.container;

import java.nio.file.Path;
import java.util.List;

/**
 * One mount of a container, as the OCI runtime specification wants it.
 *
 * @param destination absolute path in the container
 * @param type of the file system; {@code bind} for a part of the host
 * @param source what is mounted
 * @param options of mount(8)
 */
public record Mount(String destination, String type, String source, List<String> options) {
    private static final String NO_SUID = "nosuid";
    private static final String NO_EXEC = "noexec";
    private static final String NO_DEVICES = "nodev";

    /** Copies the list. */
    public Mount {
        options = List.copyOf(options);
    }

    /** A file or directory of the host with everything below. A user namespace has to take mounts below along. */
    public static Mount bind(Path host, String guest, boolean readOnly) {
        return new Mount(guest, "bind", host.toString(), List.of("rbind", readOnly ? "ro" : "rw"));
    }

    /** A directory of the container alone, which only its root may enter. */
    public static Mount memory(String guest) {
        return new Mount(guest, "tmpfs", "tmpfs", List.of(NO_SUID, NO_DEVICES, "mode=700"));
    }

    /** The views of the kernel and the devices that every container has of its own. */
    public static List<Mount> own() {
        return List.of(
                new Mount("/proc", "proc", "proc", List.of(NO_SUID, NO_EXEC, NO_DEVICES)),
                new Mount("/dev", "tmpfs", "tmpfs", List.of(NO_SUID, "strictatime", "mode=755", "size=65536k")),
                new Mount(
                        "/dev/pts",
                        "devpts",
                        "devpts",
                        List.of(NO_SUID, NO_EXEC, "newinstance", "ptmxmode=0666", "mode=0620")),
                new Mount("/dev/shm", "tmpfs", "shm", List.of(NO_SUID, NO_EXEC, NO_DEVICES, "mode=1777")));
    }

    /** What the kernel says about devices; only for trees that have a place for it. */
    public static Mount devicesView() {
        return new Mount("/sys", "none", "/sys", List.of("rbind", NO_SUID, NO_EXEC, NO_DEVICES, "ro"));
    }
}
