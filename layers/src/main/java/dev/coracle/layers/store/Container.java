package dev.coracle.layers.store;

import java.nio.file.Path;
import java.util.List;

/**
 * A container that is here: an unpacked tree with what is known of it.
 *
 * @param id its directory's name
 * @param names what people call it
 * @param image {@code NAME:TAG} of the image it was made of; empty when that is not known
 * @param kept is it protected from removal?
 * @param directory its own, with the tree in {@code ROOT}
 */
public record Container(String id, List<String> names, String image, boolean kept, Path directory) {
    private static final String ROOT = "ROOT";

    /** Copies the list. */
    public Container {
        names = List.copyOf(names);
    }

    /** The tree. */
    public Path root() {
        return root(directory);
    }

    static Path root(Path directory) {
        return directory.resolve(ROOT);
    }
}
