package dev.coracle.engines;

import java.nio.file.Path;
import java.util.List;

/**
 * A directory that takes everything a guest changes, so that the tree stays as it is: a fresh one for each invocation gives each
 * a clean start. The engine makes it when it is missing; its file system has to keep what the guest writes, extended attributes
 * and hard links included. Who made it removes it.
 *
 * @param upper absolute path; may lie in none of the trees
 * @param below absolute paths of further trees, which show where the first has nothing, from the top
 */
public record Overlay(Path upper, List<Path> below) {
    /** Copies the list and refuses relative paths. */
    public Overlay {
        below = List.copyOf(below);
        if (!upper.isAbsolute() || !below.stream().allMatch(Path::isAbsolute)) {
            throw new IllegalArgumentException("the directories of an overlay are absolute: " + upper + ", " + below);
        }
    }

    /** Over one tree only. */
    public static Overlay over(Path upper) {
        return new Overlay(upper, List.of());
    }
}
