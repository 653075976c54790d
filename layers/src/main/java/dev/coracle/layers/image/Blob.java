package dev.coracle.layers.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.coracle.layers.Digest;
import dev.coracle.layers.DigestedStream;
import dev.coracle.layers.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Bytes known by their digest.
 *
 * @param digest what their digest must be
 * @param size how many they must be; empty when nothing promises it
 */
record Blob(Digest digest, Optional<Long> size) {
    /** Reads the two fields of a descriptor. */
    static Blob of(JsonNode descriptor) {
        return new Blob(
                Digest.parse(descriptor.path("digest").asText()),
                Optional.of(descriptor.path("size").asLong(-1)));
    }

    /** Where an OCI layout keeps it. */
    String path() {
        return "blobs/" + digest.algorithm() + "/" + digest.hex();
    }

    /** Reads all of a file to see whether it is this blob. */
    void check(ImageFiles files, String name, Progress.Step step) throws IOException {
        checkSize(files, name);
        try (InputStream in = files.open(name);
                DigestedStream digested = new DigestedStream(in, digest, step)) {
            digested.verify(name, digest);
        }
    }

    private void checkSize(ImageFiles files, String name) throws IOException {
        Optional<Long> actual = files.size(name);
        if (actual.isPresent() && size.isPresent() && !actual.equals(size)) {
            throw DigestedStream.mismatch(
                    files.shown() + " " + name, "size", Long.toString(size.get()), Long.toString(actual.get()));
        }
    }
}
