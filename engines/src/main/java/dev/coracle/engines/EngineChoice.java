package dev.coracle.engines;

/**
 * The engine that is used here.
 *
 * @param reason one clause for people: why this one
 */
public record EngineChoice(Mode mode, String reason) {}
