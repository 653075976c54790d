package dev.coracle.layers.registry;

import dev.coracle.layers.registry.http.Timeouts;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Ends downloads that only trickle: each byte in time, and yet never done. */
final class StallGuard {
    private final Duration window;
    private final LongSupplier nanos;
    private long begun;
    private long bytes;

    StallGuard(Duration window, LongSupplier nanos) {
        this.window = window;
        this.nanos = nanos;
        this.begun = nanos.getAsLong();
    }

    void arrived(int count) throws IOException {
        bytes += count;
        long now = nanos.getAsLong();
        if (now - begun < window.toNanos()) {
            return;
        }
        if (bytes < Timeouts.STALL_BYTES) {
            throw new IOException("it brings only " + bytes + " bytes in " + window.toSeconds() + " s");
        }
        begun = now;
        bytes = 0;
    }
}
