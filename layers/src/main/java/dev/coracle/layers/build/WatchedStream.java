package dev.coracle.layers.build;

import dev.coracle.layers.Progress;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Tells a step how many bytes went by. */
final class WatchedStream extends FilterInputStream {
    private final Progress.Step step;

    WatchedStream(InputStream in, Progress.Step step) {
        super(in);
        this.step = step;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int read = in.read(into, offset, length);
        step.advance(Math.max(0, read));
        return read;
    }
}
