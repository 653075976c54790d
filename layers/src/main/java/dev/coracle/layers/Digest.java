package dev.coracle.layers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A content digest in its OCI form, {@code sha256:} or {@code sha512:} and lower-case hex.
 *
 * @param algorithm {@code sha256} or {@code sha512}
 * @param hex the digest in lower-case hex, of the algorithm's length
 */
public record Digest(String algorithm, String hex) {
    private static final Pattern LOWER_HEX = Pattern.compile("[0-9a-f]+");
    private static final int BUFFER = 1 << 17;

    /** Checks algorithm and length: only digests that can be verified here exist as values. */
    public Digest {
        int length = switch (algorithm) {
            case "sha256" -> 64;
            case "sha512" -> 128;
            default -> throw new IllegalArgumentException("digest algorithm is not known: " + algorithm);
        };
        if (hex.length() != length || !LOWER_HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException("not a " + algorithm + " digest: " + hex);
        }
    }

    /**
     * Reads {@code sha256:...}.
     *
     * @throws IllegalArgumentException when the text is no digest of a known algorithm
     */
    public static Digest parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("a digest is written algorithm:hex: " + text);
        }
        return new Digest(text.substring(0, colon), text.substring(colon + 1));
    }

    /** The SHA-256 of bytes held in memory. */
    public static Digest sha256(byte[] bytes) {
        return of("sha256", bytes);
    }

    /** The digest of bytes held in memory, by an algorithm that digests can have. */
    public static Digest of(String algorithm, byte[] bytes) {
        return finish(algorithm, hasher(algorithm).digest(bytes));
    }

    /** The SHA-256 of a whole file. */
    public static Digest sha256(Path file) throws IOException {
        MessageDigest hasher = hasher("sha256");
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                hasher.update(buffer, 0, read);
            }
        }
        return finish("sha256", hasher.digest());
    }

    static MessageDigest hasher(String algorithm) {
        try {
            return MessageDigest.getInstance("sha512".equals(algorithm) ? "SHA-512" : "SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has this digest: " + algorithm, e);
        }
    }

    static Digest finish(String algorithm, byte[] value) {
        return new Digest(algorithm, HexFormat.of().formatHex(value));
    }

    @Override
    public String toString() {
        return algorithm + ":" + hex;
    }
}
