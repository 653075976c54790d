package dev.coracle.layers.blob;

import dev.coracle.layers.Digest;
import dev.coracle.layers.DigestedStream;
import dev.coracle.layers.RunningDigest;
import dev.coracle.layers.linux.AdvisoryLock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A blob that is being written, and digested on its way; nobody else writes it meanwhile. Not for use by several threads. */
public final class PartialBlob implements AutoCloseable {
    private static final int CHUNK = 1 << 16;

    private final Path file;
    private final Path place;
    private final Digest expected;
    private final AdvisoryLock lock;
    private final FileChannel channel;
    private RunningDigest running;
    private boolean published;

    private PartialBlob(Path file, Path place, Digest expected, AdvisoryLock lock, FileChannel channel) {
        this.file = file;
        this.place = place;
        this.expected = expected;
        this.lock = lock;
        this.channel = channel;
        this.running = new RunningDigest(expected.algorithm());
    }

    static PartialBlob open(Path file, Path place, Digest expected, AdvisoryLock lock) throws IOException {
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
            PartialBlob partial = new PartialBlob(file, place, expected, lock, channel);
            partial.digestWhatIsThere();
            return partial;
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    private void digestWhatIsThere() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
        while (channel.read(buffer) >= 0) {
            running.update(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
    }

    /** Bytes that are there, from this writer or from one that was interrupted. */
    public long size() {
        return running.count();
    }

    /** Forgets what is there. */
    public void restart() throws IOException {
        channel.truncate(0);
        running = new RunningDigest(expected.algorithm());
    }

    /**
     * Adds bytes of an array.
     *
     * @throws dev.coracle.layers.LayerException of kind IO when they cannot be written
     */
    public void append(byte[] bytes, int offset, int length) {
        ByteBuffer rest = ByteBuffer.wrap(bytes, offset, length);
        try {
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        } catch (IOException e) {
            // Not to be taken for a failure of whatever the bytes come from.
            throw BlobFolder.failure("write the blob " + expected, e);
        }
        running.update(bytes, offset, length);
    }

    /** Adds all of a stream. */
    public void append(InputStream content) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int read = content.read(chunk); read >= 0; read = content.read(chunk)) {
            append(chunk, 0, read);
        }
    }

    /**
     * Gives the blob its name, all of it at once.
     *
     * @throws dev.coracle.layers.LayerException of kind DIGEST_MISMATCH, and the bytes are forgotten, when they are not the blob
     */
    public void publish() throws IOException {
        Digest actual = running.finish();
        if (!actual.equals(expected)) {
            restart();
            throw DigestedStream.mismatch("the blob " + expected, "digest", expected.toString(), actual.toString());
        }
        channel.force(true);
        Files.move(file, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        published = true;
    }

    /** Keeps what was written, for the next one who tries; an empty file is not worth it. */
    @Override
    public void close() throws IOException {
        try (lock;
                channel) {
            if (!published && (running.count() == 0 || Files.isRegularFile(place))) {
                Files.deleteIfExists(file);
            }
        }
    }
}
