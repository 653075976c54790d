package dev.coracle.layers.registry.http;

import java.time.Duration;

/**
 * How long each phase of a request may take.
 *
 * @param connect until the connection stands
 * @param idle without a byte, also before the answer begins and during the TLS handshake
 * @param document for all of a manifest, a token or a list of tags
 * @param stall in which a blob must have brought {@link #STALL_BYTES}; a trickle is no download
 */
public record Timeouts(Duration connect, Duration idle, Duration document, Duration stall) {
    /** What a blob brings in the stall time at least. */
    public static final long STALL_BYTES = 32 * 1024;

    /** Ten seconds, thirty, sixty and sixty. */
    public static final Timeouts DEFAULT = new Timeouts(
            Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(60));
}
