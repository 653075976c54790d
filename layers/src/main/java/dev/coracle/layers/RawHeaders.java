package dev.coracle.layers;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Watches a tar stream go by and keeps the extended header records of the next entry as bytes. The tar library gives
 * them as UTF-8 text only, which destroys binary attributes (file capabilities) and names that are no UTF-8.
 *
 * <p>Keys and values are byte strings: one char is one byte.
 */
final class RawHeaders extends FilterInputStream {
    private static final int BLOCK = 512;
    private static final int RECORDS_MAX = 1 << 24;
    private static final int OLD_SPARSE_MORE = 482;
    private static final int SPARSE_MORE = 504;

    private enum State {
        HEADER,
        SPARSE_MAP,
        CONTENT
    }

    private final byte[] block = new byte[BLOCK];
    private int filled;
    private State state = State.HEADER;
    private long left;
    private byte[] records = new byte[0];
    private int recordsFilled;
    private boolean collecting;
    private Map<String, String> collected = new HashMap<>();
    private Map<String, String> current = Map.of();
    private boolean ended;

    RawHeaders(InputStream in) {
        super(in);
    }

    /** The records that belong to the entry whose header went by last. */
    Map<String, String> current() {
        return current;
    }

    /** Whether the block of zeros that ends an archive was seen. */
    boolean ended() {
        return ended;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int read = in.read(into, offset, length);
        int position = offset;
        while (position < offset + read) {
            position += take(into, position, offset + read - position);
        }
        return read;
    }

    @Override
    public long skip(long amount) throws IOException {
        byte[] passed = new byte[(int) Math.min(amount, 1 << 16)];
        return amount <= 0 ? 0 : Math.max(0, read(passed, 0, passed.length));
    }

    private int take(byte[] from, int offset, int available) throws IOException {
        if (state == State.CONTENT) {
            return content(from, offset, available);
        }
        int taken = Math.min(BLOCK - filled, available);
        System.arraycopy(from, offset, block, filled, taken);
        filled += taken;
        if (filled == BLOCK) {
            filled = 0;
            boolean more = state == State.SPARSE_MAP ? block[SPARSE_MORE] != 0 : header();
            state = more ? State.SPARSE_MAP : left > 0 ? State.CONTENT : State.HEADER;
        }
        return taken;
    }

    private int content(byte[] from, int offset, int available) throws IOException {
        int taken = (int) Math.min(left, available);
        if (collecting) {
            int useful = Math.min(taken, records.length - recordsFilled);
            System.arraycopy(from, offset, records, recordsFilled, useful);
            recordsFilled += useful;
        }
        left -= taken;
        if (left == 0) {
            state = State.HEADER;
            if (collecting) {
                collecting = false;
                collected = PaxRecords.parse(records);
            }
        }
        return taken;
    }

    /** Returns whether blocks of a sparse map follow before the content. */
    private boolean header() throws IOException {
        char type = (char) (block[156] & 0xff);
        if (block[0] == 0 && block[148] == 0) {
            ended = true;
            left = 0;
            return false;
        }
        long size = size();
        // The library reads each of these into memory, whatever its size.
        if ("xgLK".indexOf(type) >= 0 && size > RECORDS_MAX) {
            throw new IOException("an extended header of " + size + " bytes");
        }
        if (type == 'x') {
            collecting = true;
            records = new byte[(int) size];
            recordsFilled = 0;
        } else if (type != 'g' && type != 'L' && type != 'K') {
            current = collected;
            collected = new HashMap<>();
            size = sizeOf(current, size);
        }
        left = (size + BLOCK - 1) / BLOCK * BLOCK;
        return type == 'S' && block[OLD_SPARSE_MORE] != 0;
    }

    private static long sizeOf(Map<String, String> records, long size) throws IOException {
        try {
            return nonNegative(Long.parseLong(records.getOrDefault("size", Long.toString(size))));
        } catch (NumberFormatException e) {
            throw new IOException("an extended header is damaged: the size is no number", e);
        }
    }

    private long size() throws IOException {
        if ((block[124] & 0x80) != 0) {
            long size = 0;
            for (int i = 128; i < 136; i++) {
                size = size << 8 | (block[i] & 0xff);
            }
            return nonNegative(size);
        }
        String octal = new String(block, 124, 12, StandardCharsets.ISO_8859_1)
                .replace('\0', ' ')
                .trim();
        try {
            return octal.isEmpty() ? 0 : nonNegative(Long.parseLong(octal, 8));
        } catch (NumberFormatException e) {
            throw new IOException("not a tar header: the size is no number", e);
        }
    }

    private static long nonNegative(long size) throws IOException {
        if (size < 0) {
            throw new IOException("not a tar header: the size is negative");
        }
        return size;
    }
}
