package dev.coracle.layers.store;

import dev.coracle.layers.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A note of blobs that must not stay when no image of them comes about: not at all after a load, for a week after a pull. Made before they
 * are; not for use by several threads.
 */
public final class Attempt {
    private final Path note;
    private final Path layers;

    Attempt(Path note, Path layers) {
        this.note = note;
        this.layers = layers;
    }

    /** Notes a blob that is about to be stored, or just was. */
    public void note(Digest blob) throws IOException {
        Path link = note.resolve(blob.toString());
        if (!Files.isSymbolicLink(link)) {
            Files.createSymbolicLink(link, note.relativize(layers.resolve(blob.toString())));
        }
    }

    /** The image is there: nothing needs to be known of its blobs any more. */
    public void done() throws IOException {
        BlobSweep.remove(note);
    }
}
