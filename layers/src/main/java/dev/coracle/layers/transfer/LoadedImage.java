package dev.coracle.layers.transfer;

import dev.coracle.layers.manifest.ManifestDocument;
import java.util.Optional;

/**
 * An image of an archive, whose blobs are here already.
 *
 * @param name what the archive calls it: a whole name with its tag, or a tag alone; empty when it does not say
 */
record LoadedImage(Optional<String> name, ManifestDocument manifest) {}
