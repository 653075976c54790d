package dev.coracle.layers.build;

import dev.coracle.layers.FileProblem;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * A zip whose bytes depend on nothing but the content: names sorted, one date, Unix modes, nothing compressed. What is
 * large in a layer is compressed already, and an uncompressed entry does not depend on the machine's zlib.
 */
final class LayerZip {
    /**
     * Local time, because a zip knows no time zone. Not its very first moment: Java takes that for "before 1980" and adds
     * a field in universal time, which differs between time zones.
     */
    private static final LocalDateTime DATE = LocalDateTime.of(1980, 2, 1, 0, 0);

    private static final int BUFFER = 1 << 16;
    private static final int REGULAR = 0100000;

    private LayerZip() {}

    /**
     * One file of a zip.
     *
     * @param file where its bytes are
     * @param mode its permission bits
     */
    record Content(Path file, int mode) {}

    /** Writes aside, opens it again to see that all is there, and only then puts it in its place. */
    static Path write(Path zip, SortedMap<String, Content> contents, Path scratch, Progress.Step step) {
        Path aside = scratch.resolve("layer.zip");
        try {
            fill(aside, contents, step);
            verify(aside, contents);
            return Files.move(aside, zip, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new LayerException(Kind.IO, "write " + zip, FileProblem.of(e), "", e);
        }
    }

    private static void fill(Path zip, SortedMap<String, Content> contents, Progress.Step step) throws IOException {
        try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
            for (Map.Entry<String, Content> each : contents.entrySet()) {
                Path file = each.getValue().file();
                ZipArchiveEntry entry = new ZipArchiveEntry(each.getKey());
                entry.setMethod(ZipArchiveEntry.STORED);
                entry.setTime(DATE.atZone(ZoneId.systemDefault()).toInstant().toEpochMilli());
                entry.setUnixMode(REGULAR | each.getValue().mode());
                entry.setSize(Files.size(file));
                entry.setCrc(checksum(Files.newInputStream(file)));
                out.putArchiveEntry(entry);
                Files.copy(file, out);
                out.closeArchiveEntry();
                step.advance(entry.getSize());
            }
        }
    }

    private static void verify(Path zip, SortedMap<String, Content> contents) throws IOException {
        try (ZipFile reopened = ZipFile.builder().setPath(zip).get()) {
            List<ZipArchiveEntry> entries = Collections.list(reopened.getEntries());
            List<String> names = entries.stream().map(ZipArchiveEntry::getName).toList();
            if (!names.equals(List.copyOf(contents.keySet()))) {
                throw new IOException("the zip reads back with the names " + names);
            }
            for (ZipArchiveEntry entry : entries) {
                // Compared with the file itself, not with what the zip says of itself.
                Content content = Objects.requireNonNull(contents.get(entry.getName()));
                long expected = checksum(Files.newInputStream(content.file()));
                boolean same = checksum(reopened.getInputStream(entry)) == expected
                        && entry.getUnixMode() == (REGULAR | content.mode());
                if (!same) {
                    throw new IOException(entry.getName() + " reads back differently");
                }
            }
        }
    }

    /** Reads to the end and closes. */
    private static long checksum(InputStream content) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (CheckedInputStream in = new CheckedInputStream(content, new CRC32())) {
            while (in.read(buffer) >= 0) {
                // reading is what computes
            }
            return in.getChecksum().getValue();
        }
    }
}
