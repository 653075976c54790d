package dev.coracle.runtime;

import dev.coracle.engines.TreeRemoval;
import dev.coracle.layers.FileProblem;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.OwnersTable;
import dev.coracle.layers.TreeInfo;
import dev.coracle.runtime.JobException.Kind;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Unpacked trees, one directory for each archive digest, each unpacked once.
 *
 * <p>A directory with a digest's name is always complete: unpacking happens beside it and ends with a rename. Threads and
 * processes may share a store: one unpacks at a time, under a lock that the kernel drops when its holder dies, and
 * whoever holds the lock may remove every half-unpacked directory there is.
 */
public final class TreeStore {
    private static final Logger LOG = System.getLogger(TreeStore.class.getName());
    private static final String ASIDE = ".unpacking-";

    /** Bytes that must stay free beyond the tree: the job's own files and the file system's books. */
    static final long MARGIN = 16L * 1024 * 1024;

    /** Bytes that a name costs on top of its contents: on average half a block of 4 KiB. */
    static final long PER_ENTRY = 2048;

    private final Path directory;
    private final TreeUnpacker unpacker;
    private final FreeSpace space;
    private final ReentrantLock unpacking = new ReentrantLock();

    /** The store in {@code directory}, which is created when it is first needed. */
    public TreeStore(Path directory, TreeUnpacker unpacker) {
        this(directory, unpacker, place -> Files.getFileStore(place).getUsableSpace());
    }

    TreeStore(Path directory, TreeUnpacker unpacker, FreeSpace space) {
        this.directory = directory;
        this.unpacker = unpacker;
        this.space = space;
    }

    /**
     * The tree of {@code image}, unpacked now unless it is there.
     *
     * @throws JobException when there is not enough space, before anything is written; when the archive is damaged or
     *     the disk fails, after everything written has been removed
     */
    public PreparedTree prepare(InstalledImage image) {
        Path ready = directory.resolve(image.image().tree().digest().hex());
        if (isTree(ready)) {
            return new PreparedTree(ready, false);
        }
        unpacking.lock();
        try {
            Files.createDirectories(directory);
            return prepareLocked(image, ready);
        } catch (IOException e) {
            throw failure(image, FileProblem.of(e), e);
        } finally {
            unpacking.unlock();
        }
    }

    private PreparedTree prepareLocked(InstalledImage image, Path ready) throws IOException {
        try (FileChannel file = FileChannel.open(
                        directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            if (isTree(ready)) {
                return new PreparedTree(ready, false);
            }
            LOG.log(Level.DEBUG, "unpacking under {0}", lock);
            removeLeftOvers();
            checkSpace(image);
            unpackAside(image, ready);
            return new PreparedTree(ready, true);
        }
    }

    private void unpackAside(InstalledImage image, Path ready) throws IOException {
        Path aside = Files.createTempDirectory(directory, ASIDE);
        try {
            unpacker.unpack(image.archive(), image.image().tree().digest(), aside)
                    .skipped()
                    .forEach(skipped -> LOG.log(
                            Level.WARNING, "image {0}: {1}", image.image().name(), skipped));
            moveTable(aside, ready);
            Files.move(aside, ready, StandardCopyOption.ATOMIC_MOVE);
        } catch (LayerException e) {
            throw failure(image, e.happened(), e);
        } finally {
            TreeRemoval.remove(aside);
            Files.deleteIfExists(OwnersTable.beside(aside));
        }
    }

    /** First of the two, so that a tree that is there has what belongs to it. */
    private static void moveTable(Path aside, Path ready) throws IOException {
        Path table = OwnersTable.beside(aside);
        if (Files.exists(table)) {
            Files.move(table, OwnersTable.beside(ready), StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.deleteIfExists(OwnersTable.beside(ready));
        }
    }

    private void checkSpace(InstalledImage image) throws IOException {
        TreeInfo tree = image.image().tree();
        long needed = tree.unpackedSize() + tree.entries() * PER_ENTRY + MARGIN;
        long free = space.of(directory);
        if (free < needed) {
            throw new JobException(
                    Kind.NO_SPACE,
                    "unpacking the image " + image.image().name(),
                    String.format(
                            Locale.ROOT,
                            "it needs %d MB in %s and %d MB are free",
                            megabytes(needed),
                            directory,
                            free >> 20),
                    "give the function more ephemeral storage, or the image fewer files");
        }
    }

    private void removeLeftOvers() throws IOException {
        try (DirectoryStream<Path> leftOvers = Files.newDirectoryStream(directory, ASIDE + "*")) {
            for (Path leftOver : leftOvers) {
                LOG.log(Level.WARNING, "removing {0}, which an interrupted start has left", leftOver);
                TreeRemoval.remove(leftOver);
            }
        }
    }

    private static JobException failure(InstalledImage image, String happened, Exception cause) {
        String tried = "unpacking the image " + image.image().name();
        if (saysNoSpace(cause)) {
            return new JobException(Kind.NO_SPACE, tried, happened, "give the function more ephemeral storage", cause);
        }
        return cause instanceof LayerException layer && layer.kind() != LayerException.Kind.IO
                ? new JobException(Kind.BROKEN_IMAGE, tried, happened, "build the layer again", cause)
                : new JobException(Kind.IO, tried, happened, "", cause);
    }

    /** Java and the unpacker say it in the same words, but not in the same letters. */
    private static boolean saysNoSpace(Throwable failure) {
        return String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("no space left")
                || (failure.getCause() != null && saysNoSpace(failure.getCause()));
    }

    private static long megabytes(long bytes) {
        return (bytes + (1 << 20) - 1) >> 20;
    }

    private static boolean isTree(Path directory) {
        return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS);
    }
}
