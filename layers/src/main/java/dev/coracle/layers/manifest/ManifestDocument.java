package dev.coracle.layers.manifest;

import dev.coracle.layers.Digest;
import java.nio.charset.StandardCharsets;

/** The bytes of a manifest, which have a digest, before anybody says what they mean. */
public final class ManifestDocument {
    private final String mediaType;
    private final Digest digest;
    private final byte[] bytes;

    /**
     * Keeps bytes whose digest is right.
     *
     * @param mediaType what the sender says they are; empty when it does not
     */
    public ManifestDocument(String mediaType, Digest digest, byte[] bytes) {
        this.mediaType = mediaType;
        this.digest = digest;
        this.bytes = bytes.clone();
    }

    /** What the sender says it is, without parameters; may be empty. */
    public String mediaType() {
        return mediaType;
    }

    /** By which it is known; for the signed first form without its signatures. */
    public Digest digest() {
        return digest;
    }

    /** As they came. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The document as text. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * What it means.
     *
     * @throws IllegalArgumentException when it is no manifest, or of a kind that is no image
     */
    public Manifest parse() {
        return new ManifestReader(mediaType).read(bytes);
    }
}
