package dev.coracle.engines.guests;

/**
 * How a guest ended and what it said.
 *
 * @param end {@code exit N} or {@code signal N}
 * @param stdout one character per byte (ISO 8859-1)
 * @param stderr one character per byte (ISO 8859-1)
 */
public record GuestOutcome(String end, String stdout, String stderr) {}
