package dev.coracle.layers.image;

import dev.coracle.layers.Compression;
import dev.coracle.layers.Digest;
import dev.coracle.layers.DigestedStream;
import dev.coracle.layers.Progress;
import dev.coracle.layers.Unpacker;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Optional;

/**
 * One layer of an image.
 *
 * @param name its file among the image's files
 * @param blob what the file must be as it lies there; empty in formats that do not say
 * @param diffId the digest of its uncompressed content; empty in the oldest format only
 */
record LayerBlob(String name, Optional<Blob> blob, Optional<Digest> diffId) {
    /**
     * The padding of a last file and the end mark. Some builders (umoci 0.4) write neither; the digest says that such a
     * layer is whole all the same.
     */
    private static final int END = 3 * 512;

    /** Reads the layer once to check it. */
    void check(ImageFiles files, Progress.Step step) throws IOException {
        if (blob.isPresent()) {
            blob.get().check(files, name, step);
        } else if (diffId.isPresent()) {
            try (InputStream in = files.open(name);
                    InputStream tar = Compression.open(in);
                    DigestedStream digested = new DigestedStream(tar, diffId.get(), step)) {
                digested.verify("content of " + name, diffId.get());
            }
        }
    }

    /** Applies the layer and checks that its uncompressed content was what the configuration promised. */
    void apply(ImageFiles files, Unpacker unpacker, Progress.Step step) throws IOException {
        Digest expected = diffId.orElseGet(() -> Digest.sha256(new byte[0]));
        try (InputStream in = files.open(name);
                InputStream tar = Compression.open(in);
                DigestedStream digested = new DigestedStream(tar, expected, step)) {
            if (diffId.isEmpty()) {
                unpacker.layer(digested, name);
                Compression.finish(digested);
                return;
            }
            unpacker.layer(ended(digested), name);
            digested.verify("content of " + name, expected);
        }
    }

    private static InputStream ended(InputStream tar) {
        InputStream open = new FilterInputStream(tar) {
            @Override
            public void close() {
                // a sequence closes what it has read, but the digest is still to be taken
            }
        };
        return new SequenceInputStream(open, new ByteArrayInputStream(new byte[END]));
    }
}
