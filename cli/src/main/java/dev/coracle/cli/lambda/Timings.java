package dev.coracle.cli.lambda;

import java.time.Duration;

/**
 * How long one invocation took.
 *
 * @param init from the start of the sandbox to the first request for an event; zero when warm
 * @param duration from handing out the event to the request for the next one
 */
public record Timings(Duration init, Duration duration) {
    /** What Lambda would charge for: both, rounded up to whole milliseconds. */
    public Duration billed() {
        Duration both = init.plus(duration);
        long millis = both.toMillis();
        return Duration.ofMillis(both.equals(Duration.ofMillis(millis)) ? millis : millis + 1);
    }
}
