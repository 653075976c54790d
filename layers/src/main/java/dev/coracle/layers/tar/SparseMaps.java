package dev.coracle.layers.tar;

import dev.coracle.layers.tar.TarHeader.Field;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The four ways in which GNU tar has written down where a file has holes. */
final class SparseMaps {
    private static final int NUMBER = 12;
    private static final int FIRST = 386;
    private static final int FIRST_NUMBERS = 8;
    private static final int FIRST_MORE = 482;
    private static final int NEXT_NUMBERS = 42;
    private static final int NEXT_MORE = 504;
    private static final int DIGITS_MAX = 20;

    private SparseMaps() {}

    /** The next block of the archive. */
    interface Blocks {
        byte[] next() throws IOException;
    }

    /** In the header itself and in blocks behind it. */
    static SparseMap inHeaders(TarHeader header, long stored, Blocks blocks) throws IOException {
        List<Long> numbers = new ArrayList<>();
        add(header.block(), FIRST, FIRST_NUMBERS, numbers);
        boolean more = header.block()[FIRST_MORE] != 0;
        while (more) {
            byte[] block = blocks.next();
            add(block, 0, NEXT_NUMBERS, numbers);
            more = block[NEXT_MORE] != 0;
        }
        return SparseMap.of(numbers, header.size(TarHeader.WHOLE_SIZE), stored);
    }

    private static void add(byte[] block, int at, int count, List<Long> numbers) throws IOException {
        for (int i = 0; i < count && block[at + i * NUMBER] != 0; i++) {
            numbers.add(TarHeader.number(block, new Field(at + i * NUMBER, NUMBER)));
        }
        SparseMap.check(numbers.size() <= 2 * SparseMap.PARTS_MAX);
    }

    /** In a record, as offsets and lengths between commas. */
    static SparseMap inRecord(Map<String, String> records, long stored) throws IOException {
        List<Long> numbers = new ArrayList<>();
        for (String number : records.getOrDefault("GNU.sparse.map", "").split(",", -1)) {
            numbers.add(PaxRecords.number(number));
        }
        String size = records.getOrDefault("GNU.sparse.size", records.getOrDefault("GNU.sparse.realsize", ""));
        return SparseMap.of(numbers, PaxRecords.number(size), stored);
    }

    /** At the beginning of the content: their number, then offsets and lengths, each on a line, in whole blocks. */
    static SparseMap inContent(Map<String, String> records, long stored, Blocks blocks) throws IOException {
        Lines lines = new Lines(blocks);
        long count = lines.next();
        SparseMap.check(count <= SparseMap.PARTS_MAX);
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < 2 * count; i++) {
            numbers.add(lines.next());
        }
        long size = PaxRecords.number(records.getOrDefault("GNU.sparse.realsize", ""));
        return SparseMap.of(numbers, size, stored - lines.taken());
    }

    /** Numbers on lines in blocks. */
    private static final class Lines {
        private final Blocks blocks;
        private byte[] block = new byte[0];
        private int at;
        private long taken;

        Lines(Blocks blocks) {
            this.blocks = blocks;
        }

        long taken() {
            return taken;
        }

        long next() throws IOException {
            StringBuilder digits = new StringBuilder();
            for (byte letter = letter(); letter != '\n'; letter = letter()) {
                digits.append((char) (letter & 0xff));
                SparseMap.check(digits.length() < DIGITS_MAX);
            }
            return PaxRecords.number(digits.toString());
        }

        private byte letter() throws IOException {
            if (at == block.length) {
                block = blocks.next();
                taken += block.length;
                at = 0;
            }
            return block[at++];
        }
    }
}
