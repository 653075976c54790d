package dev.coracle.layers.blob;

import dev.coracle.layers.Digest;

/**
 * A blob as a manifest promises it.
 *
 * @param mediaType what it is
 * @param digest what its digest must be
 * @param size how many bytes it must have
 */
public record Descriptor(String mediaType, Digest digest, long size) {
    /** Refuses sizes below zero. */
    public Descriptor {
        if (size < 0) {
            throw new IllegalArgumentException("a size is not negative: " + size);
        }
    }
}
