package dev.coracle.engines.guests;

import java.nio.file.Path;

/**
 * Two identical trees: one for the real chroot, one for the engine. They are named alike and as long as each other, so that
 * nothing a guest can measure depends on which of them it is in.
 */
public record TreePair(Path reference, Path subject) {}
