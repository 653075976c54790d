package dev.coracle.layers.registry.http;

import java.time.Duration;

/** How time is let pass between attempts; a test looks at it and does not wait. */
@FunctionalInterface
public interface Pauses {
    /** Really waits. */
    Pauses REAL = duration -> Thread.sleep(duration);

    /** Returns when the time is over. */
    void pause(Duration duration) throws InterruptedException;
}
