package dev.coracle.layers;

import dev.coracle.layers.tar.PaxRecords;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * A tar archive whose extended headers are written from bytes: the library would make UTF-8 text of them, which
 * destroys binary attributes and names that are no UTF-8.
 */
final class TarWriter implements AutoCloseable {
    private static final int NAME_MAX = 99;

    private final TarArchiveOutputStream out;

    TarWriter(OutputStream out) {
        this.out = new TarArchiveOutputStream(out, StandardCharsets.ISO_8859_1.name());
        this.out.setLongFileMode(TarArchiveOutputStream.LONGFILE_TRUNCATE);
        this.out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
    }

    void directory(EntryName name, Metadata metadata) throws IOException {
        String path = name.isTop() ? "./" : name.path() + "/";
        whole(entry(path, TarConstants.LF_DIR, metadata, ""));
    }

    /** Begins a regular file; its content follows in pieces. */
    void file(EntryName name, Metadata metadata, long size) throws IOException {
        TarArchiveEntry entry = entry(name.path(), TarConstants.LF_NORMAL, metadata, "");
        entry.setSize(size);
        out.putArchiveEntry(entry);
    }

    void content(byte[] bytes, int length) throws IOException {
        out.write(bytes, 0, length);
    }

    void endOfContent() throws IOException {
        out.closeArchiveEntry();
    }

    void symlink(EntryName name, Metadata metadata, String target) throws IOException {
        whole(entry(name.path(), TarConstants.LF_SYMLINK, metadata, target));
    }

    void fifo(EntryName name, Metadata metadata) throws IOException {
        whole(entry(name.path(), TarConstants.LF_FIFO, metadata, ""));
    }

    void hardLink(EntryName name, EntryName existing) throws IOException {
        whole(entry(name.path(), TarConstants.LF_LINK, Metadata.of(0644), existing.path()));
    }

    private void whole(TarArchiveEntry entry) throws IOException {
        out.putArchiveEntry(entry);
        out.closeArchiveEntry();
    }

    /** Writes the extended header, when one is needed, and returns the entry that must follow it. */
    private TarArchiveEntry entry(String path, byte type, Metadata metadata, String target) throws IOException {
        PaxRecords records = new PaxRecords();
        if (path.length() > NAME_MAX) {
            records.add("path", path);
        }
        if (target.length() > NAME_MAX) {
            records.add("linkpath", target);
        }
        Instant modified = metadata.modified();
        if (!modified.truncatedTo(ChronoUnit.SECONDS).equals(modified)) {
            records.add("mtime", PaxRecords.time(modified));
        }
        for (Map.Entry<String, byte[]> attribute : metadata.attributes().entrySet()) {
            records.add(PaxRecords.ATTRIBUTE + attribute.getKey(), attribute.getValue());
        }
        extend(records.toBytes());
        TarArchiveEntry entry = plain(path, type, metadata, modified);
        entry.setLinkName(target);
        return entry;
    }

    private void extend(byte[] records) throws IOException {
        if (records.length > 0) {
            TarArchiveEntry header =
                    plain("PaxHeader", TarConstants.LF_PAX_EXTENDED_HEADER_LC, Metadata.of(0644), Instant.EPOCH);
            header.setSize(records.length);
            out.putArchiveEntry(header);
            out.write(records);
            out.closeArchiveEntry();
        }
    }

    private static TarArchiveEntry plain(String path, byte type, Metadata metadata, Instant modified) {
        TarArchiveEntry entry = new TarArchiveEntry(path, type);
        entry.setMode(metadata.mode());
        entry.setModTime(Math.multiplyExact(modified.getEpochSecond(), 1000L));
        entry.setUserId(metadata.owner().user());
        entry.setGroupId(metadata.owner().group());
        entry.setNames("", "");
        return entry;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
