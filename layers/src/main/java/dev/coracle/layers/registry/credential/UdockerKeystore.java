package dev.coracle.layers.registry.credential;

import dev.coracle.layers.FileProblem;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

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
