package dev.coracle.layers.registry.credential;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coracle.layers.FileProblem;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;

/** udocker's keystore. As there, a file that others may read or change is not trusted. */
public final class UdockerKeystore implements CredentialSource {
    private static final Set<PosixFilePermission> OWN = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final Path file;

    /** Uses a file that need not exist. */
    public UdockerKeystore(Path file) {
        this.file = file;
    }

    @Override
    public Credential find(String registry) {
        checkPrivate();
        return StoredLogins.credential(StoredLogins.find(StoredLogins.read(file), registry), registry);
    }

    /**
     * Keeps a login; the registry is not asked.
     *
     * @param address of the registry, which gets {@code https://} when it has no scheme, as udocker does it
     */
    public void keep(String address, Credential.Password login) {
        String pair = login.user() + ":" + login.password();
        String auth = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        ObjectNode logins = logins();
        logins.putObject(url(address)).put("auth", auth).put("email", "");
        write(logins);
    }

    /** Forgets the logins for a registry, in all spellings; false when there was none. */
    public boolean forget(String registry) {
        ObjectNode logins = logins();
        boolean any = false;
        while (StoredLogins.address(logins, registry).isPresent()) {
            logins.remove(StoredLogins.address(logins, registry).get());
            any = true;
        }
        if (any) {
            write(logins);
        }
        return any;
    }

    /** Forgets all logins; false when there was none. */
    public boolean forgetAll() {
        boolean any = !logins().isEmpty();
        if (any) {
            write(logins().removeAll());
        }
        return any;
    }

    private ObjectNode logins() {
        checkPrivate();
        return (ObjectNode) StoredLogins.read(file);
    }

    private static String url(String address) {
        return address.contains("://") ? address : "https://" + address;
    }

    /** Nobody else may read it, from its first byte on. */
    private void write(ObjectNode logins) {
        Path absolute = file.toAbsolutePath();
        Path aside = absolute.resolveSibling(absolute.getFileName() + ".new-" + UUID.randomUUID());
        FileAttribute<Set<PosixFilePermission>> secret =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try {
            Files.createFile(aside, secret);
            Files.writeString(aside, logins.toString());
            Files.move(aside, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new LayerException(
                    Kind.IO, "keep a login in " + file, FileProblem.of(e), "make its directory writable", e);
        }
    }

    private void checkPrivate() {
        String tried = "read the logins of " + file;
        try {
            if (!OWN.containsAll(Files.getPosixFilePermissions(file))) {
                throw new LayerException(
                        Kind.REFUSED, tried, "others than its owner may use the file", "run chmod 600 " + file);
            }
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            throw new LayerException(Kind.IO, tried, FileProblem.of(e), "make it readable, or log in again", e);
        }
    }
}
