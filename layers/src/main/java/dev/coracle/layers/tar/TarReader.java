package dev.coracle.layers.tar;

import dev.coracle.layers.tar.TarEntry.Names;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads an archive as it comes by: POSIX, GNU and older ones. Its memory is bounded whatever the archive says. The stream belongs to the
 * caller. Not for use by several threads.
 */
public final class TarReader {
    private static final int BLOCK = TarHeader.BLOCK;
    /** As Docker's reader has it; names have 4096 bytes and attributes 65536 at most. */
    private static final int RECORDS_MAX = 1 << 20;

    private static final byte[] ZEROS = new byte[BLOCK];

    private final InputStream in;
    private final Content content = new Content();
    private final byte[] passed = new byte[1 << 14];
    private Map<String, String> common = Map.of();
    private long left;
    private long padding;

    /** Begins at the beginning of an archive. */
    public TarReader(InputStream in) {
        this.in = in;
    }

    /**
     * The next entry; empty at the end mark. What is left of the content of the one before is passed over.
     *
     * @throws IOException when the archive is damaged, or ends without its mark
     */
    public Optional<TarEntry> next() throws IOException {
        skipContent();
        Map<String, String> own = Map.of();
        Names names = Names.NONE;
        while (true) {
            byte[] block = block();
            if (Arrays.equals(block, ZEROS)) {
                return Optional.empty();
            }
            TarHeader header = new TarHeader(block);
            switch (header.flag()) {
                case 'x', 'X' -> own = PaxRecords.parse(body(header));
                case 'g' -> common = commonWith(PaxRecords.parse(body(header)));
                case 'L' -> names = new Names(text(body(header)), names.target());
                case 'K' -> names = new Names(names.name(), text(body(header)));
                default -> {
                    return Optional.of(entry(header, records(own), names));
                }
            }
        }
    }

    private TarEntry entry(TarHeader header, Map<String, String> records, Names names) throws IOException {
        TarEntry entry = new TarEntry(header, records, names);
        if (entry.type().hasContent()) {
            String stated = records.getOrDefault("size", "");
            long size = stated.isEmpty() ? header.size(TarHeader.SIZE) : PaxRecords.number(stated);
            begin(size);
            entry.content(map(header, records, size));
        }
        return entry;
    }

    private void begin(long size) {
        left = size;
        padding = -size & (BLOCK - 1);
    }

    private SparseMap map(TarHeader header, Map<String, String> records, long size) throws IOException {
        if (header.flag() == 'S') {
            return SparseMaps.inHeaders(header, size, this::block);
        } else if (records.containsKey("GNU.sparse.map")) {
            return SparseMaps.inRecord(records, size);
        } else if (records.getOrDefault("GNU.sparse.major", "").equals("1")) {
            return SparseMaps.inContent(records, size, this::contentBlock);
        }
        return SparseMap.whole(size);
    }

    private byte[] contentBlock() throws IOException {
        SparseMap.check(left >= BLOCK);
        left -= BLOCK;
        return block();
    }

    private byte[] block() throws IOException {
        byte[] block = in.readNBytes(BLOCK);
        if (block.length < BLOCK) {
            throw new IOException("the archive ends before its end mark");
        }
        return block;
    }

    /** What belongs to all entries that follow, bounded like what belongs to one. */
    private Map<String, String> commonWith(Map<String, String> more) throws IOException {
        Map<String, String> all = new HashMap<>(common);
        all.putAll(more);
        long size = 0;
        for (Map.Entry<String, String> each : all.entrySet()) {
            size += each.getKey().length() + each.getValue().length();
        }
        if (size > RECORDS_MAX) {
            throw tooLarge(size);
        }
        return all;
    }

    /** An entry's own records before those of all; an empty one says that the header is right. */
    private Map<String, String> records(Map<String, String> own) {
        if (own.isEmpty() && common.isEmpty()) {
            return own;
        }
        Map<String, String> all = new HashMap<>(common);
        all.putAll(own);
        all.entrySet()
                .removeIf(each -> each.getValue().isEmpty() && !each.getKey().startsWith(PaxRecords.ATTRIBUTE));
        return all;
    }

    private byte[] body(TarHeader header) throws IOException {
        long size = header.size(TarHeader.SIZE);
        if (size > RECORDS_MAX) {
            throw tooLarge(size);
        }
        begin(size);
        byte[] body = content.readAllBytes();
        skipContent();
        return body;
    }

    private static IOException tooLarge(long size) {
        return new IOException("an extended header of " + size + " bytes");
    }

    private static String text(byte[] body) {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    private void skipContent() throws IOException {
        while (left > 0) {
            content.read(passed, 0, passed.length);
        }
        if (in.readNBytes(passed, 0, (int) padding) < padding) {
            throw new IOException("the archive ends before its end mark");
        }
        padding = 0;
    }

    /**
     * What is stored of the content of the current entry; holes are not.
     *
     * @return the same stream each time, which fails where the archive ends too early; closing it does nothing
     */
    public InputStream content() {
        return content;
    }

    /** The whole content of the current entry, with zeros in place of holes. */
    public InputStream expanded(TarEntry entry) {
        return entry.content().hasHoles() ? new ExpandedFile(entry.content(), content) : content;
    }

    private final class Content extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = in.read(into, offset, (int) Math.min(left, length));
            if (read < 0) {
                throw new IOException("the archive ends in the middle of a file");
            }
            left -= read;
            return read;
        }
    }
}
