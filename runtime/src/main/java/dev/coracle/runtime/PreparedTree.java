package dev.coracle.runtime;

import java.nio.file.Path;

/**
 * A tree that can be run.
 *
 * @param root its directory
 * @param fresh whether it was unpacked just now
 */
public record PreparedTree(Path root, boolean fresh) {}
