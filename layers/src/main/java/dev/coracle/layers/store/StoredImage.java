package dev.coracle.layers.store;

import dev.coracle.layers.reference.LocalName;
import java.nio.file.Path;

/**
 * An image that is here.
 *
 * @param name as it was stored
 * @param directory of its tag
 * @param kept is it protected from removal?
 */
public record StoredImage(LocalName name, Path directory, boolean kept) {}
