package dev.coracle.runtime;

import java.io.IOException;
import java.nio.file.Path;

/** Says how many bytes a directory's file system still takes. */
@FunctionalInterface
interface FreeSpace {
    /** Bytes that this user can still write below the existing {@code directory}. */
    long of(Path directory) throws IOException;
}
