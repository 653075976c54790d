package dev.coracle.layers.tar;

/** What an entry of an archive makes. */
public enum TarType {
    /** A regular file, with or without holes. */
    FILE,
    /** A further name of a file. */
    HARD_LINK,
    /** A symbolic link. */
    SYMLINK,
    /** A device that is read and written byte by byte. */
    CHARACTER_DEVICE,
    /** A device that is read and written in blocks. */
    BLOCK_DEVICE,
    /** A directory. */
    DIRECTORY,
    /** A named pipe. */
    FIFO,
    /** Something that only some programs know, such as the label of a tape. */
    OTHER;

    /** Before there was a type for directories, a slash at the end of the name made one. */
    static TarType of(char flag, String name) {
        return switch (flag) {
            case '0', '\0', '7', 'S' -> name.endsWith("/") ? DIRECTORY : FILE;
            case '1' -> HARD_LINK;
            case '2' -> SYMLINK;
            case '3' -> CHARACTER_DEVICE;
            case '4' -> BLOCK_DEVICE;
            case '5' -> DIRECTORY;
            case '6' -> FIFO;
            default -> OTHER;
        };
    }

    /** Can content follow the header? Whatever size the others claim, readers of images pass over none. */
    boolean hasContent() {
        return this == FILE || this == OTHER;
    }
}
