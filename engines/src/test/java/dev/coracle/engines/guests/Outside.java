package dev.coracle.engines.guests;

import java.nio.file.Path;
import java.util.List;

/**
 * What binds show of the world outside of a tree: made anew for each guest, beside its tree, so that both sides have the same.
 *
 * <ul>
 *   <li>{@code data}: an empty directory but for {@code nested}, a place for another bind
 *   <li>{@code nested}: an empty directory
 *   <li>{@code read}: a file, a directory, links, a pipe
 *   <li>{@code file}: a file
 * </ul>
 */
public final class Outside {
    private static final String MAKE =
            "rm -rf \"$1\" && mkdir -p \"$1\"/data/nested \"$1\"/nested \"$1\"/read/dir \"$1\"/read/empty && cd \"$1\""
                    + " && echo text >file && cp file read/file && chmod 755 read/file && cp file read/dir/inner"
                    + " && ln -s file read/link && ln -s ../../work/f/file read/out && ln -s none read/dangling"
                    + " && mkfifo read/fifo && chown -hR --reference=\"$2\" . && find . -exec touch -h -d @1000000000 {} +";

    private Outside() {}

    /** Makes it, whose the tree is, and puts real paths in the place of the names in {@code NAME:GUEST[:ro]}. */
    public static List<String> make(Path tree, List<String> binds) {
        if (binds.isEmpty()) {
            return List.of();
        }
        Path place = place(tree);
        HostTools.require(
                "sh", "-c", MAKE, "sh", place.toString(), tree.resolve("usr").toString());
        return binds.stream().map(bind -> place + "/" + bind).toList();
    }

    private static Path place(Path tree) {
        return tree.resolveSibling(tree.getFileName() + ".outside");
    }
}
