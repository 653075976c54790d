package dev.coracle.engines;

import java.time.Duration;

/**
 * Bounds of every run.
 *
 * @param captureBytes of each output stream that are kept in memory; what is beyond goes to a file with the beginning
 * @param grace between the signal that asks the command to end, when its time is up, and the one that makes it; none when zero
 * @param killWithin how long processes may take to die once they are killed
 * @param drainWithin how long the outputs may take to end once every process is dead
 */
public record RunLimits(int captureBytes, Duration grace, Duration killWithin, Duration drainWithin) {
    /** The given bytes, no grace, and five seconds for each wait; both waits take milliseconds unless the host is in trouble. */
    public static RunLimits capturing(int captureBytes) {
        return new RunLimits(captureBytes, Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(5));
    }

    /** The same with another grace. */
    public RunLimits withGrace(Duration other) {
        return new RunLimits(captureBytes, other, killWithin, drainWithin);
    }
}
