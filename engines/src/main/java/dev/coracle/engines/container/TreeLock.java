package dev.coracle.engines.container;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A lock between all who run something in one tree, threads of this process included (flock(2)). It goes with its holder,
 * whatever ends that. The file may be removed by who holds it alone.
 */
final class TreeLock implements AutoCloseable {
    private static final int READ_WRITE = 2;
    private static final int CREATE = 0100;
    private static final int CLOSE_ON_EXEC = 02000000;
    private static final int SHARED = 1;
    private static final int ALONE = 2;
    private static final int AT_ONCE = 4;

    private final Path file;
    private final int descriptor;

    private TreeLock(Path file, int descriptor) {
        this.file = file;
        this.descriptor = descriptor;
    }

    /** Waits while somebody has it alone, which is for moments only. Makes the file when there is none. */
    static TreeLock shared(Path file) throws IOException {
        while (true) {
            TreeLock lock = open(file);
            if (lock.take(SHARED) && lock.isOfTheFile()) {
                return lock;
            }
            lock.close();
        }
    }

    /** Has it alone from now on, unless somebody shares it; then, and in any case after a refusal, it is lost. */
    boolean becomeAlone() {
        return take(ALONE | AT_ONCE);
    }

    @Override
    public void close() {
        Calls.close(descriptor);
    }

    private static TreeLock open(Path file) throws IOException {
        try {
            return new TreeLock(file, Calls.open(file.toString(), READ_WRITE | CREATE | CLOSE_ON_EXEC, 0600));
        } catch (LastErrorException e) {
            throw new IOException("cannot open " + file + ": " + e.getMessage(), e);
        }
    }

    private boolean take(int how) {
        try {
            Calls.flock(descriptor, how);
            return true;
        } catch (LastErrorException e) {
            // Interrupted, or taken by somebody else: asked for again, or not to be had.
            return false;
        }
    }

    /** Whoever had it alone before may have removed the file: then this is a lock of nothing. */
    private boolean isOfTheFile() throws IOException {
        Path opened = Path.of("/proc/self/fd", Integer.toString(descriptor));
        return Files.exists(file) && Files.isSameFile(file, opened);
    }

    /** Loaded only when asked for: JNA unpacks its own library first. */
    private static final class Calls {
        static {
            Native.register("c");
        }

        static native int open(String path, int flags, int mode) throws LastErrorException;

        static native int flock(int descriptor, int how) throws LastErrorException;

        static native int close(int descriptor);
    }
}
