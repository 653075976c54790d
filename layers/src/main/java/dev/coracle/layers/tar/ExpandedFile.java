package dev.coracle.layers.tar;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;

/** A file with its holes as the zeros that a reader of it would see. */
final class ExpandedFile extends InputStream {
    private final List<SparseMap.Part> parts;
    private final long size;
    private final InputStream stored;
    private int part;
    private long at;

    ExpandedFile(SparseMap map, InputStream stored) {
        this.parts = map.parts();
        this.size = map.size();
        this.stored = stored;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (part < parts.size() && at == end(part)) {
            part++;
        }
        if (at == size) {
            return -1;
        }
        long begin = part < parts.size() ? parts.get(part).offset() : size;
        boolean hole = at < begin;
        int most = (int) Math.min(length, (hole ? begin : end(part)) - at);
        if (hole) {
            Arrays.fill(into, offset, offset + most, (byte) 0);
        }
        int read = hole ? most : stored.read(into, offset, most);
        at += Math.max(0, read);
        return read;
    }

    private long end(int number) {
        return parts.get(number).offset() + parts.get(number).length();
    }
}
