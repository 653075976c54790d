package dev.coracle.layers.tar;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which parts of a file are in the archive, one after the other; between and behind them are holes.
 *
 * @param parts in the order of the file, none in another
 * @param size bytes of the file, holes included
 */
public record SparseMap(List<Part> parts, long size) {
    /** Far above what files have; it bounds memory. */
    static final int PARTS_MAX = 1 << 20;

    /** Bytes that are in the archive, and where they belong in the file. */
    public record Part(long offset, long length) {}

    /** Copies the list. */
    public SparseMap {
        parts = List.copyOf(parts);
    }

    /** A file without holes. */
    static SparseMap whole(long size) {
        return new SparseMap(List.of(new Part(0, size)), size);
    }

    /** Has the file holes? */
    public boolean hasHoles() {
        return parts.size() != 1 || parts.getFirst().length() != size;
    }

    /**
     * Reads offsets and lengths in turn.
     *
     * @param stored bytes that are in the archive
     * @throws IOException when they contradict each other, or what is stored
     */
    static SparseMap of(List<Long> numbers, long size, long stored) throws IOException {
        check(numbers.size() % 2 == 0 && size >= 0);
        List<Part> parts = new ArrayList<>();
        long end = 0;
        long sum = 0;
        for (int i = 0; i < numbers.size(); i += 2) {
            Part part = new Part(numbers.get(i), numbers.get(i + 1));
            check(part.offset() >= end && part.length() >= 0 && part.length() <= size - part.offset());
            end = part.offset() + part.length();
            sum += part.length();
            if (part.length() > 0) {
                parts.add(part);
            }
        }
        check(sum == stored);
        return new SparseMap(parts, size);
    }

    static void check(boolean good) throws IOException {
        if (!good) {
            throw new IOException("the map of a file's holes is damaged");
        }
    }
}
