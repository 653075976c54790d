package dev.coracle.layers.transfer;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** A tar of plain files for everybody, the same bytes for the same files. No name is written twice. */
final class PlainTar implements AutoCloseable {
    private final TarArchiveOutputStream tar;
    private final Set<String> written = new HashSet<>();

    /** Writes to a stream that stays open. */
    PlainTar(OutputStream out) {
        this.tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    }

    void file(String name, byte[] content) throws IOException {
        file(name, content.length, new ByteArrayInputStream(content));
    }

    void file(String name, long size, InputStream content) throws IOException {
        if (written.add(name)) {
            TarArchiveEntry entry = new TarArchiveEntry(name);
            entry.setSize(size);
            entry.setModTime(0L);
            tar.putArchiveEntry(entry);
            content.transferTo(tar);
            tar.closeArchiveEntry();
        }
    }

    /** Is a file of that name written already? */
    boolean has(String name) {
        return written.contains(name);
    }

    @Override
    public void close() throws IOException {
        tar.finish();
        tar.flush();
    }
}
