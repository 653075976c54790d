package dev.coracle.runtime;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where things are and how much is allowed.
 *
 * @param images the directory of installed images
 * @param engine where the tools layer would have put the engine
 * @param work a writable directory for trees, outputs and the engine when it has to be unpacked
 * @param margin kept of the caller's time, to kill, collect and answer
 * @param maxResponseBytes of the answer's JSON
 */
public record RuntimeConfig(Path images, Path engine, Path work, Duration margin, int maxResponseBytes) {}
