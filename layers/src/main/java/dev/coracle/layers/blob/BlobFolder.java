package dev.coracle.layers.blob;

import dev.coracle.layers.Digest;
import dev.coracle.layers.FileProblem;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
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
import java.time.Duration;
import java.util.UUID;

/**
 * A directory of blobs, each called by its digest as udocker calls them: {@code sha256:HEX}. What is unfinished has a name
 * with a dot in front. Safe for any number of threads and processes.
 */
public final class BlobFolder {
    /** Blobs whose digest is known when all of them is here; left by whoever was killed, and of no use. */
    public static final String UNNAMED = ".unnamed-";

    /** A blob that is not whole yet, before its digest. */
    public static final String PARTIAL = ".partial-";

    private static final String LOCK = ".lock-";
    /** Somebody else may be downloading the same blob. */
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private static final int CHUNK = 1 << 16;

    private final Path directory;

    /** Uses a directory, which must exist when the first blob is written. */
    public BlobFolder(Path directory) {
        this.directory = directory;
    }

    /** Where the blob is, or will be. */
    public Path place(Digest digest) {
        return directory.resolve(digest.toString());
    }

    /** Is the whole blob there? */
    public boolean has(Descriptor blob) {
        return has(blob.digest());
    }

    /** Is there a blob of this digest? It was checked before it got its name. */
    public boolean has(Digest digest) {
        return Files.isRegularFile(place(digest));
    }

    /**
     * Begins or continues a blob. Waits while somebody else writes it, so look afterwards with {@link #has} whether it is
     * still needed.
     *
     * @throws LayerException of {@link Kind#BUSY} when somebody else takes too long, {@link Kind#IO} when nothing can be written
     */
    public PartialBlob begin(Digest digest) {
        String tried = "store the blob " + digest;
        // One lock for many digests: files of locks cannot be removed safely, so there must be few of them.
        Path lockFile = directory.resolve(LOCK + digest.hex().substring(0, 2));
        try {
            AdvisoryLock lock = AdvisoryLock.exclusive(lockFile, PATIENCE)
                    .orElseThrow(() -> new LayerException(
                            Kind.BUSY, tried, "somebody else is writing it for a long time", "try again later"));
            return PartialBlob.open(directory.resolve(PARTIAL + digest), place(digest), digest, lock);
        } catch (IOException e) {
            throw failure(tried, e);
        }
    }

    /** Stores all of a stream as the blob that it must be; nothing is read when the blob is there. */
    public void store(Digest digest, InputStream content) throws IOException {
        try (PartialBlob partial = begin(digest)) {
            if (!has(digest)) {
                partial.restart();
                partial.append(content);
                partial.publish();
            }
        }
    }

    /** Stores all of a stream as whatever blob it is; nothing is left when the stream fails. */
    public Descriptor store(InputStream content, String mediaType) throws IOException {
        Path aside = directory.resolve(UNNAMED + UUID.randomUUID());
        RunningDigest running = new RunningDigest("sha256");
        byte[] chunk = new byte[CHUNK];
        try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int read = content.read(chunk); read >= 0; read = content.read(chunk)) {
                write(channel, chunk, read);
                running.update(chunk, 0, read);
            }
            channel.force(true);
            Digest digest = running.finish();
            Files.move(aside, place(digest), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return new Descriptor(mediaType, digest, running.count());
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    private static void write(FileChannel channel, byte[] bytes, int length) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes, 0, length);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    static LayerException failure(String tried, IOException cause) {
        return new LayerException(Kind.IO, tried, FileProblem.of(cause), "make room or use another directory", cause);
    }
}
