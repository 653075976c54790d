package dev.coracle.layers.build;

import dev.coracle.layers.TreeInfo;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A layer that was written.
 *
 * @param zip the file
 * @param size bytes of the file
 * @param tree the tree inside an image layer; a tools layer has none
 */
public record BuiltLayer(Path zip, long size, Optional<TreeInfo> tree) {}
