package dev.coracle.layers.transfer;

import dev.coracle.layers.Compression;
import dev.coracle.layers.Digest;
import dev.coracle.layers.DigestedStream;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.Progress;
import dev.coracle.layers.store.ImageContent.Layer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What is in a layer, known by reading it.
 *
 * @param diffId digest of its uncompressed content
 * @param size bytes of that
 */
record LayerFacts(Digest diffId, long size) {
    private static final Digest UNKNOWN = Digest.sha256(new byte[0]);

    /**
     * Reads a layer to its end.
     *
     * @throws LayerException when its content is not what its image promises
     */
    static LayerFacts of(Layer layer) throws IOException {
        Digest expected = layer.diffId().orElse(UNKNOWN);
        try (InputStream in = open(layer.file());
                DigestedStream digested = new DigestedStream(in, expected, Progress.Step.UNHEARD)) {
            Digest actual = digested.finish();
            if (layer.diffId().isPresent() && !actual.equals(expected)) {
                throw DigestedStream.mismatch(
                        "content of " + layer.file(), "digest", expected.toString(), actual.toString());
            }
            return new LayerFacts(actual, digested.count());
        }
    }

    /** The uncompressed content of a layer. */
    static InputStream open(Path file) throws IOException {
        return Compression.open(Files.newInputStream(file));
    }

    static Compression compression(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return Compression.of(in);
        }
    }
}
