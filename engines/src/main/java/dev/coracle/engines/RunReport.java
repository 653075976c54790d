package dev.coracle.engines;

import java.time.Duration;

/**
 * What a run came to.
 *
 * @param took from start to the end of the guest's first process
 * @param leftOver processes that were still there when the first process had ended or the time was up, and were killed
 * @param survivors processes that could not be killed in time; not zero only when the host is in trouble
 */
public record RunReport(Exit exit, Captured stdout, Captured stderr, Duration took, int leftOver, int survivors) {}
