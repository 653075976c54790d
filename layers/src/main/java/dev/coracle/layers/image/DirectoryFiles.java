package dev.coracle.layers.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** An image whose files lie in a directory. */
record DirectoryFiles(Path directory) implements ImageFiles {
    @Override
    public String shown() {
        return directory.toString();
    }

    @Override
    public Optional<Long> size(String name) throws IOException {
        Path file = inside(name);
        return Files.isRegularFile(file) ? Optional.of(Files.size(file)) : Optional.empty();
    }

    @Override
    public InputStream open(String name) throws IOException {
        return Files.newInputStream(inside(name));
    }

    /** Names come from the image's own documents, which nobody vouches for. */
    private Path inside(String name) throws IOException {
        Path file = directory.resolve(name).normalize();
        if (!file.startsWith(directory.normalize())) {
            throw new IOException("the image names a file outside of itself: " + name);
        }
        return file;
    }

    @Override
    public void close() {}
}
