package dev.coracle.layers;

import java.security.MessageDigest;

/** A digest of bytes that come in pieces. Not for use by several threads. */
public final class RunningDigest {
    private final String algorithm;
    private final MessageDigest hasher;
    private long count;

    /**
     * Begins with no bytes.
     *
     * @param algorithm {@code sha256} or {@code sha512}
     */
    public RunningDigest(String algorithm) {
        this.algorithm = algorithm;
        this.hasher = Digest.hasher(algorithm);
    }

    /** Takes bytes of an array. */
    public void update(byte[] bytes, int offset, int length) {
        hasher.update(bytes, offset, length);
        count += length;
    }

    /** Bytes taken so far. */
    public long count() {
        return count;
    }

    /** The digest of all of them; nothing may be added afterwards. */
    public Digest finish() {
        return Digest.finish(algorithm, hasher.digest());
    }
}
