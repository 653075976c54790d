package dev.coracle.layers.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A lock on a file that all programs of this kind respect: {@code flock(2)}. The kernel lets go of it however its holder
 * ends. Each locking is its own, so threads of one program exclude each other as processes do.
 */
public final class AdvisoryLock implements AutoCloseable {
    private static final int SHARED = 1;
    private static final int EXCLUSIVE = 2;
    private static final int WITHOUT_WAITING = 4;
    private static final int HERE = -100;
    /** The kernel's own waiting has no end that could be chosen; between two looks so much time passes. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    /** Empty where nobody can write and so nobody needs to be kept out. */
    private final Optional<Descriptor> file;

    private AdvisoryLock(Optional<Descriptor> file) {
        this.file = file;
    }

    /**
     * Waits until nobody else holds the lock.
     *
     * @param file made when it is missing, and never removed by anybody
     * @return empty when somebody still holds it at the end of the time
     */
    public static Optional<AdvisoryLock> exclusive(Path file, Duration longest) throws IOException {
        return wait(open(file, Libc.O_RDWR | Libc.O_CREAT), EXCLUSIVE, longest);
    }

    /** Waits until nobody holds it alone; on a file system that cannot be written there is nothing to wait for. */
    public static Optional<AdvisoryLock> shared(Path file, Duration longest) throws IOException {
        try {
            return wait(open(file, Libc.O_RDWR | Libc.O_CREAT), SHARED, longest);
        } catch (ErrnoException e) {
            if (e.errno() == ErrnoException.EROFS || e.errno() == ErrnoException.EACCES) {
                return Optional.of(new AdvisoryLock(Optional.empty()));
            }
            throw e;
        }
    }

    private static Descriptor open(Path file, int flags) throws IOException {
        byte[] path = (file.toAbsolutePath() + "\0").getBytes(StandardCharsets.UTF_8);
        int fd = Libc.openat(HERE, path, flags | Libc.O_CLOEXEC | Libc.O_NOFOLLOW, 0644);
        ErrnoException.check(fd, "open", file.toString());
        return new Descriptor(fd, file::toString);
    }

    private static Optional<AdvisoryLock> wait(Descriptor file, int how, Duration longest) throws IOException {
        long end = System.nanoTime() + longest.toNanos();
        try {
            while (!tryLock(file, how)) {
                if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
                    file.close();
                    return Optional.empty();
                }
                LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            }
            return Optional.of(new AdvisoryLock(Optional.of(file)));
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private static boolean tryLock(Descriptor file, int how) throws IOException {
        try {
            file.check(Libc.flock(file.fd(), how | WITHOUT_WAITING), "lock");
            return true;
        } catch (ErrnoException e) {
            if (e.errno() == ErrnoException.EAGAIN || e.errno() == ErrnoException.EINTR) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (file.isPresent()) {
            file.get().close();
        }
    }
}
