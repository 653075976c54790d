package dev.coracle.runtime;

import java.nio.file.Path;

/** The directory in which a job's large outputs are kept. */
record OutputPlace(Path directory) {}
