package dev.coracle.engines;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** Removes directories whatever is in them; never follows a link out of them. */
public final class TreeRemoval {
    private TreeRemoval() {}

    /** Removes {@code top} and everything below; nothing happens when it is not there. */
    public static void remove(Path top) throws IOException {
        if (Files.isDirectory(top, LinkOption.NOFOLLOW_LINKS)) {
            for (Path child : children(top)) {
                remove(child);
            }
        }
        Files.deleteIfExists(top);
    }

    /** Listed before the first is removed, so that depth costs no open descriptors. */
    private static List<Path> children(Path directory) throws IOException {
        if (!Files.isReadable(directory) || !Files.isWritable(directory) || !Files.isExecutable(directory)) {
            // Images have directories that even their owner may not enter or change.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(children::add);
        }
        return children;
    }
}
