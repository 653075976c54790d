package dev.coracle.layers.build;

import dev.coracle.layers.FileProblem;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A directory that is gone when it is closed, with all that was put into it; also when the program is told to end. */
public final class ScratchDirectory implements AutoCloseable {
    /** At the program's end others may still be writing into it. */
    private static final int ATTEMPTS_AT_EXIT = 20;

    private static final Duration PAUSE_AT_EXIT = Duration.ofMillis(10);

    private final Path path;
    private final Thread removeAtExit = new Thread(this::removeAtExit, "coracle-scratch-remove");

    private ScratchDirectory(Path path) {
        this.path = path;
    }

    /**
     * Makes one beside the results, so that a finished file is renamed into place and not copied.
     *
     * @throws LayerException when the directory cannot be written
     */
    public static ScratchDirectory in(Path parent) {
        try {
            Files.createDirectories(parent);
            ScratchDirectory scratch = new ScratchDirectory(Files.createTempDirectory(parent, ".coracle-"));
            Runtime.getRuntime().addShutdownHook(scratch.removeAtExit);
            return scratch;
        } catch (IOException e) {
            throw new LayerException(Kind.IO, "write into " + parent, FileProblem.of(e), "choose another --out", e);
        }
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** A directory inside, freshly made. */
    Path directory(String name) throws IOException {
        return Files.createDirectory(path.resolve(name));
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(removeAtExit);
            remove();
        } catch (IOException e) {
            throw new LayerException(Kind.IO, "remove " + path, FileProblem.of(e), "remove it by hand", e);
        } catch (IllegalStateException e) {
            // The program is ending, and the hook removes it.
            return;
        }
    }

    private void removeAtExit() {
        for (int attempt = 0; attempt < ATTEMPTS_AT_EXIT && Files.exists(path); attempt++) {
            try {
                remove();
            } catch (IOException e) {
                LockSupport.parkNanos(PAUSE_AT_EXIT.toNanos());
            }
        }
    }

    private void remove() throws IOException {
        Files.walkFileTree(path, new Remover());
    }

    private static final class Remover extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            // A tree may hold directories that even their owner cannot empty.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            // A directory is opened before it is visited: one without permissions fails first.
            if (Files.isDirectory(file)) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
                Files.walkFileTree(file, this);
                return FileVisitResult.CONTINUE;
            }
            throw e;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
