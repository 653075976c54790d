package dev.coracle.layers;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Finishes files that were created already, beside the thread that creates them: what takes long about a small file is to write
 * and to describe it, and neither its name nor its neighbours matter to that.
 */
final class FileWriters implements AutoCloseable {
    /** So many files wait at most, each open and with its content in memory. */
    private static final int WAITING = 64;

    private static final int THREADS = 2;

    private final ExecutorService threads = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().daemon().name("coracle-writer-", 0).factory());
    private final Semaphore room = new Semaphore(WAITING);
    private final FirstFailure failure = new FirstFailure();

    /**
     * Does the work soon. It is called exactly once, also after a failure, for it has a file to close.
     *
     * @throws IOException when earlier work has failed
     */
    void submit(FirstFailure.Work work) throws IOException {
        room.acquireUninterruptibly();
        threads.execute(() -> {
            try {
                failure.keep(work);
            } finally {
                room.release();
            }
        });
        failure.check();
    }

    /**
     * Waits until all is done.
     *
     * @throws IOException when some of it has failed
     */
    void await() throws IOException {
        room.acquireUninterruptibly(WAITING);
        room.release(WAITING);
        failure.check();
    }

    /** Waits for what was begun. */
    @Override
    public void close() {
        threads.close();
    }
}
