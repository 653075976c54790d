package dev.coracle.layers.store;

import dev.coracle.layers.Digest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a stored image consists of.
 *
 * @param config its configuration, the JSON as it came
 * @param configDigest by which images are told apart; empty for images of udocker's old flavour
 * @param layers lowest first
 */
public record ImageContent(String config, Optional<Digest> configDigest, List<Layer> layers) {
    /** Copies the list. */
    public ImageContent {
        layers = List.copyOf(layers);
    }

    /**
     * One layer.
     *
     * @param file where it is, compressed or not
     * @param mediaType what its manifest says it is; empty when nothing does
     * @param digest of the file; empty when its name does not say
     * @param diffId digest of what is in it; empty in forms without
     */
    public record Layer(Path file, String mediaType, Optional<Digest> digest, Optional<Digest> diffId) {}
}
