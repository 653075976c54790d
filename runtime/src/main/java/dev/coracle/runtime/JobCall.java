package dev.coracle.runtime;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * The circumstances of one job.
 *
 * @param requestId names the job in logs and in the path of kept outputs
 * @param remaining asked when the command starts: how long the caller still has
 * @param coldStart whether this is the first job of this execution environment
 */
public record JobCall(String requestId, Supplier<Duration> remaining, boolean coldStart) {}
