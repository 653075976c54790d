package dev.coracle.layers;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Reads a stream in a thread of its own, so that decompressing and digesting go on while what came is written. Holds at most
 * {@value #CHUNKS} chunks of 128 KiB. For one reader; the stream itself is nobody else's until {@link #close}.
 */
final class ReadAhead extends InputStream {
    private static final int CHUNK = 1 << 17;
    private static final int CHUNKS = 12;

    /** Bytes that were read; a negative length is the end. */
    private static final class Chunk {
        private final byte[] bytes;
        private int length;

        Chunk(int size) {
            bytes = new byte[size];
        }
    }

    private final BlockingQueue<Chunk> full = new ArrayBlockingQueue<>(CHUNKS + 1);
    private final BlockingQueue<Chunk> empty = new ArrayBlockingQueue<>(CHUNKS);
    private final FirstFailure failure = new FirstFailure();
    private final Thread reader;
    private Chunk current = new Chunk(0);
    private int position;

    ReadAhead(InputStream in) {
        for (int i = 0; i < CHUNKS; i++) {
            empty.add(new Chunk(CHUNK));
        }
        reader = Thread.ofPlatform().daemon().name("coracle-read-ahead").start(() -> fill(in));
    }

    private void fill(InputStream in) {
        try {
            failure.keep(() -> {
                int got;
                do {
                    Chunk chunk = empty.take();
                    got = in.readNBytes(chunk.bytes, 0, CHUNK);
                    chunk.length = got;
                    full.put(chunk);
                } while (got == CHUNK);
            });
        } finally {
            // There is room for it: of the other chunks there are fewer. Nobody reads it after an interruption.
            Chunk end = new Chunk(0);
            end.length = -1;
            full.add(end);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!more()) {
            return -1;
        }
        int taken = Math.min(length, current.length - position);
        System.arraycopy(current.bytes, position, into, offset, taken);
        position += taken;
        return taken;
    }

    /** Makes sure that the current chunk has something left; false at the end. */
    private boolean more() throws IOException {
        while (position == current.length) {
            if (current.bytes.length > 0) {
                empty.add(current);
            }
            try {
                current = full.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw (IOException) new InterruptedIOException("interrupted while unpacking").initCause(e);
            }
            position = 0;
        }
        boolean ended = current.length < 0;
        if (ended) {
            failure.check();
        }
        return !ended;
    }

    /** Reads to the end of the stream, so that whoever digests it has seen all. */
    void drain() throws IOException {
        while (more()) {
            position = current.length;
        }
    }

    /** Gives the stream back to its owner, who closes it. Where it is not at its end it is of no more use. */
    @Override
    public void close() {
        reader.interrupt();
        boolean interrupted = false;
        while (reader.isAlive()) {
            try {
                reader.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
