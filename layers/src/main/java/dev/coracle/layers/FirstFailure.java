package dev.coracle.layers;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Brings what went wrong first in one thread to another one. Thread safe. */
final class FirstFailure {
    /** Work that may fail. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static final Optional<Exception> NONE = Optional.empty();

    private final AtomicReference<Optional<Exception>> failure = new AtomicReference<>(NONE);

    private void set(Exception thrown) {
        failure.compareAndSet(NONE, Optional.of(thrown));
    }

    /** Does the work and keeps its failure; an interruption is none. */
    void keep(Work work) {
        boolean told = false;
        try {
            work.run();
            told = true;
        } catch (IOException | RuntimeException e) {
            set(e);
            told = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            told = true;
        } finally {
            if (!told) {
                // The error itself is told by the thread that it ends.
                set(new IllegalStateException("a thread that unpacks has ended with an error"));
            }
        }
    }

    /** Throws what was kept, as it was. */
    void check() throws IOException {
        Optional<Exception> first = failure.get();
        if (first.isPresent()) {
            switch (first.get()) {
                case IOException e -> throw e;
                case RuntimeException e -> throw e;
                default -> throw new IllegalStateException(first.get());
            }
        }
    }
}
