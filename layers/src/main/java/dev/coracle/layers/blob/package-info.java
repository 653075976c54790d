/** Blobs kept under their digests: nothing appears under a digest that does not have it. */
@NullMarked
package dev.coracle.layers.blob;

import org.jspecify.annotations.NullMarked;
