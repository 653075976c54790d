package dev.coracle.engines;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;

/**
 * One run of a launch.
 *
 * @param id names the run; not used before
 * @param stdin read to its end by the run, as far as the guest takes it; closed by it
 * @param deadline from the start of the run; when it has passed everything is killed
 * @param directory existing and private to the run: holds {@code stdout} and {@code stderr} when they are large
 */
public record RunOrder(RunId id, Launch launch, InputStream stdin, Duration deadline, Path directory) {}
