package dev.coracle.layers;

import dev.coracle.layers.LayerException.Kind;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** A stream that knows the digest of all that went through it, and tells a running step how far it is. */
public final class DigestedStream extends FilterInputStream {
    private static final int BUFFER = 1 << 16;

    private final MessageDigest hasher;
    private final String algorithm;
    private final Progress.Step step;
    private long count;

    /** Digests with the algorithm of the digest that is expected. */
    public DigestedStream(InputStream in, Digest expected, Progress.Step step) {
        super(in);
        this.algorithm = expected.algorithm();
        this.hasher = Digest.hasher(algorithm);
        this.step = step;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int read = in.read(into, offset, length);
        if (read > 0) {
            hasher.update(into, offset, read);
            count += read;
            step.advance(read);
        }
        return read;
    }

    @Override
    public long skip(long amount) throws IOException {
        byte[] passed = new byte[(int) Math.min(amount, BUFFER)];
        return amount <= 0 ? 0 : Math.max(0, read(passed, 0, passed.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** Bytes that went through so far. */
    public long count() {
        return count;
    }

    /**
     * Reads what is left and compares.
     *
     * @param what the thing in a few words, for the message
     * @throws LayerException of {@link Kind#DIGEST_MISMATCH} with both digests
     */
    public void verify(String what, Digest expected) throws IOException {
        Digest actual = finish();
        if (!actual.equals(expected)) {
            throw mismatch(what, "digest", expected.toString(), actual.toString());
        }
    }

    /** Reads what is left and says what the digest is. */
    public Digest finish() throws IOException {
        byte[] rest = new byte[BUFFER];
        while (read(rest, 0, rest.length) >= 0) {
            // read() itself digests
        }
        return Digest.finish(algorithm, hasher.digest());
    }

    /** The one message for bytes that are not what was promised. */
    public static LayerException mismatch(String what, String measure, String expected, String actual) {
        return new LayerException(
                Kind.DIGEST_MISMATCH,
                "check " + what,
                "its " + measure + " is " + actual + ", expected " + expected,
                "the file is damaged or was changed, get it again");
    }
}
