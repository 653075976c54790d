package dev.coracle.layers.registry.http;

import java.time.Duration;

/**
 * How often and when a request is tried again.
 *
 * @param attempts in all
 * @param first pause; each further one is twice as long
 * @param longest pause, also when the server asks for more: then its answer counts
 */
public record Retries(int attempts, Duration first, Duration longest) {
    /** Five attempts within half a minute, or as the server says up to two minutes each. */
    public static final Retries DEFAULT = new Retries(5, Duration.ofMillis(500), Duration.ofMinutes(2));

    /** The pause after so many attempts, when the server does not name one. */
    Duration after(int attempt) {
        Duration doubled = first.multipliedBy(1L << Math.min(attempt - 1, 20));
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }
}
