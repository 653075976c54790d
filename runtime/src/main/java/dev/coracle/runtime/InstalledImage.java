package dev.coracle.runtime;

import dev.coracle.layers.PackedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An image that a layer has brought to this host.
 *
 * @param image its description
 * @param archive its tree
 */
public record InstalledImage(PackedImage image, Path archive) {

    /** What the engine has found out about the tree when the layer was built, if it has. */
    Optional<Path> index() {
        return Optional.of(archive.resolveSibling("tree.index")).filter(Files::isRegularFile);
    }
}
