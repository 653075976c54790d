package dev.coracle.cli.lambda;

import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One event as it is handed to the runtime.
 *
 * @param event the event, JSON
 * @param deadline when the function will be stopped
 * @param traceId the X-Ray header
 */
record Handout(String requestId, String event, Instant deadline, String traceId) {
    static Handout of(String requestId, String event, Instant now, Instant deadline) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String traceId = String.format(
                "Root=1-%08x-%016x%08x;Parent=%016x;Sampled=0",
                now.getEpochSecond(), random.nextLong(), random.nextInt(), random.nextLong());
        return new Handout(requestId, event, deadline, traceId);
    }
}
