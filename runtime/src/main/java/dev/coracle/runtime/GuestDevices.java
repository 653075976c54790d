package dev.coracle.runtime;

import dev.coracle.engines.Bind;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The guest's {@code /dev}, as container runtimes make it: a directory of the tree with links to the descriptors, and
 * the devices of this host that every program may use. The host's own {@code /dev} would not do: Lambda's has no
 * {@code fd}. What is shared in memory belongs to a run and not to the tree, which has a mount point for it.
 *
 * <p>Jobs may prepare the same tree at once.
 */
final class GuestDevices {
    private static final List<String> DEVICES = List.of("null", "zero", "full", "random", "urandom", "tty", "ptmx");
    private static final String TERMINALS = "pts";
    private static final Map<String, String> LINKS = Map.of(
            "fd", "/proc/self/fd",
            "stdin", "/proc/self/fd/0",
            "stdout", "/proc/self/fd/1",
            "stderr", "/proc/self/fd/2");

    private final Path host;
    private final Path guest;

    /** Devices of {@code host}, which is {@code /dev}, for the tree in {@code root}. */
    GuestDevices(Path host, Path root) {
        this.host = host;
        this.guest = root.resolve("dev");
    }

    /** Makes what is missing in the tree and says what has to be bound over it. */
    List<Bind> prepare() throws IOException {
        if (!Files.isDirectory(guest, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(guest);
            Files.createDirectories(guest);
        }
        if (!Files.isWritable(guest)) {
            Files.setPosixFilePermissions(guest, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        for (Map.Entry<String, String> link : LINKS.entrySet()) {
            link(guest.resolve(link.getKey()), Path.of(link.getValue()));
        }
        directory("shm", "rwxrwxrwx");
        return binds();
    }

    private List<Bind> binds() throws IOException {
        List<Bind> binds = new ArrayList<>();
        for (String device : DEVICES) {
            if (Files.exists(host.resolve(device))) {
                placeholder(guest.resolve(device));
                binds.add(bind(device));
            }
        }
        if (Files.isDirectory(host.resolve(TERMINALS))) {
            directory(TERMINALS, "rwxr-xr-x");
            binds.add(bind(TERMINALS));
        }
        return binds;
    }

    private Bind bind(String name) {
        return Bind.writable(host.resolve(name), "/dev/" + name);
    }

    private void directory(String name, String permissions) throws IOException {
        Path directory = guest.resolve(name);
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(directory);
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
        }
    }

    /** A file of an image where a link belongs would keep what programs print. */
    private static void link(Path link, Path target) throws IOException {
        if (Files.isRegularFile(link, LinkOption.NOFOLLOW_LINKS)) {
            Files.delete(link);
        }
        try {
            Files.createSymbolicLink(link, target);
        } catch (FileAlreadyExistsException e) {
            // From an earlier job, from another that runs now, or from the image, whose own link is as good.
            return;
        }
    }

    /** Something to bind over; a link would lead the guest elsewhere before it comes to the bind. */
    private static void placeholder(Path file) throws IOException {
        if (Files.isSymbolicLink(file)) {
            Files.delete(file);
        }
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            // As above.
            return;
        }
    }
}
