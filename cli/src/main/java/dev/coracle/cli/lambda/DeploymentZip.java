package dev.coracle.cli.lambda;

import dev.coracle.layers.FileProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks one function or layer zip as Lambda does: permission bits are kept, files without any get 644, symbolic
 * links are made, and later layers replace files of earlier ones. Names that leave the folder, or that would be
 * written through a link, are refused.
 */
final class DeploymentZip {
    private static final PosixFilePermission[] BITS = {
        PosixFilePermission.OTHERS_EXECUTE, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_READ,
        PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_READ,
        PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_READ
    };

    private final Path zip;
    private final Path into;

    private DeploymentZip(Path zip, Path into) {
        this.zip = zip;
        this.into = into;
    }

    /** Unpacks and returns the number of bytes written. */
    static long unpack(Path zip, Path into) {
        return new DeploymentZip(zip, into).unpackAll();
    }

    private long unpackAll() {
        long bytes = 0;
        try (ZipFile file = ZipFile.builder().setPath(zip).get()) {
            List<ZipArchiveEntry> folders = new ArrayList<>();
            for (ZipArchiveEntry entry : Collections.list(file.getEntries())) {
                Path target = target(entry);
                if (entry.isDirectory()) {
                    ScratchFolder.openFolder(target);
                    folders.add(entry);
                } else {
                    bytes += write(file, entry, target);
                }
            }
            // Last, because a folder may be read-only for its own content.
            for (ZipArchiveEntry folder : folders) {
                Files.setPosixFilePermissions(target(folder), permissions(folder.getUnixMode(), 0755));
            }
        } catch (IOException e) {
            throw refused(FileProblem.of(e), e);
        }
        return bytes;
    }

    private long write(ZipFile file, ZipArchiveEntry entry, Path target) throws IOException {
        ScratchFolder.openFolder(parent(target));
        Files.deleteIfExists(target);
        if (entry.isUnixSymlink()) {
            Files.createSymbolicLink(target, Path.of(file.getUnixSymlink(entry)));
            return 0;
        }
        try (InputStream content = file.getInputStream(entry)) {
            Files.copy(content, target, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.setPosixFilePermissions(target, permissions(entry.getUnixMode(), 0644));
        return Files.size(target);
    }

    private Path target(ZipArchiveEntry entry) throws IOException {
        String name = entry.getName();
        if (name.indexOf('\0') >= 0 || name.startsWith("/")) {
            throw refused("the name '" + name + "' leaves the folder", null);
        }
        Path target = into;
        for (Path part : Path.of(name)) {
            if (Files.isSymbolicLink(target) && !target.equals(into)) {
                throw refused("'" + name + "' would be written through a link", null);
            }
            if (part.toString().equals("..")) {
                throw refused("the name '" + name + "' leaves the folder", null);
            }
            target = target.resolve(part);
        }
        boolean folderOverLink = entry.isDirectory() && Files.isSymbolicLink(target);
        if (folderOverLink || (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS) && !entry.isDirectory())) {
            throw refused("'" + name + "' is a folder in one place and a file or link in another", null);
        }
        return target.normalize();
    }

    private static Path parent(Path target) throws IOException {
        Path parent = target.getParent();
        if (parent == null) {
            throw new IOException("an entry has no name");
        }
        return parent;
    }

    private static Set<PosixFilePermission> permissions(int unixMode, int otherwise) {
        int mode = (unixMode & 0777) == 0 ? otherwise : unixMode;
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < BITS.length; bit++) {
            if ((mode >> bit & 1) == 1) {
                permissions.add(BITS[bit]);
            }
        }
        return permissions;
    }

    private LambdaException refused(String happened, @Nullable Throwable cause) {
        return new LambdaException(
                LambdaException.Kind.ARCHIVE, "unpacking " + zip, happened, "Build the zip again.", cause);
    }
}
