package dev.coracle.runtime;

import dev.coracle.layers.PackedImage;
import java.nio.file.Path;

/**
 * An image that a layer has brought to this host.
 *
 * @param image its description
 * @param archive its tree
 */
public record InstalledImage(PackedImage image, Path archive) {}
