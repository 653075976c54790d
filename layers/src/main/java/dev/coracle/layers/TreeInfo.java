package dev.coracle.layers;

/**
 * What is known of a tree archive before it is opened.
 *
 * @param digest SHA-256 of the {@code tree.tar.zst} file
 * @param archiveSize bytes of that file
 * @param unpackedSize bytes of all regular files of the tree, hard links counted once
 * @param entries names in the archive: files, directories and links
 */
public record TreeInfo(Digest digest, long archiveSize, long unpackedSize, long entries) {
    /** Refuses numbers below zero. */
    public TreeInfo {
        if (archiveSize < 0 || unpackedSize < 0 || entries < 0) {
            throw new IllegalArgumentException(
                    "sizes are not negative: " + archiveSize + ", " + unpackedSize + ", " + entries);
        }
    }
}
