package dev.coracle.layers.image;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The files an image consists of, by their names with slashes, from a directory or an archive. */
interface ImageFiles extends AutoCloseable {
    /** What a person would call the whole, for messages. */
    String shown();

    /** The size of a file in bytes; empty when there is no such file. */
    Optional<Long> size(String name) throws IOException;

    /** Opens a file; {@link java.nio.file.NoSuchFileException} when there is none. */
    InputStream open(String name) throws IOException;

    @Override
    void close() throws IOException;
}
