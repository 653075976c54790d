package dev.coracle.layers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes archives that no honest program would write. */
public final class TarBuilder {
    private static final long TIME = 1_000_000_000L;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");

    /** An empty archive. */
    public TarBuilder() {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    }

    /** Adds a file. */
    public TarBuilder file(String name, String content) {
        return add(name, TarConstants.LF_NORMAL, "", content.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a directory; its name ends in a slash. */
    public TarBuilder directory(String name) {
        return add(name, TarConstants.LF_DIR, "", new byte[0]);
    }

    /** Adds a symbolic link. */
    public TarBuilder symlink(String name, String target) {
        return add(name, TarConstants.LF_SYMLINK, target, new byte[0]);
    }

    /** Adds a hard link. */
    public TarBuilder hardLink(String name, String existing) {
        return add(name, TarConstants.LF_LINK, existing, new byte[0]);
    }

    /** Adds a character device. */
    public TarBuilder device(String name) {
        return add(name, TarConstants.LF_CHR, "", new byte[0]);
    }

    private TarBuilder add(String name, byte type, String target, byte[] content) {
        TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
        entry.setLinkName(target);
        entry.setSize(content.length);
        entry.setModTime(TIME);
        entry.setMode(0755);
        try {
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The whole archive. */
    public byte[] bytes() {
        try {
            tar.close();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
