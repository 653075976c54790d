package dev.coracle.layers.host;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The directories that {@code /etc/ld.so.conf} and the files it includes name. */
final class LoaderConfiguration {
    private static final int NESTING_MAX = 8;

    private LoaderConfiguration() {}

    static List<Path> directories(Path configuration) throws IOException {
        List<Path> found = new ArrayList<>();
        read(configuration, found, 0);
        return found;
    }

    private static void read(Path file, List<Path> found, int depth) throws IOException {
        if (!Files.isReadable(file) || depth > NESTING_MAX) {
            return;
        }
        for (String raw : Files.readAllLines(file)) {
            String line = raw.replaceFirst("#.*", "").strip();
            if (line.startsWith("include")) {
                for (Path each :
                        matching(file, line.substring("include".length()).strip())) {
                    read(each, found, depth + 1);
                }
            } else if (line.startsWith("/")) {
                found.add(Path.of(line));
            }
        }
    }

    private static List<Path> matching(Path file, String pattern) throws IOException {
        Path whole = file.resolveSibling(pattern);
        Path directory = whole.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            return List.of();
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, String.valueOf(whole.getFileName()))) {
            entries.forEach(files::add);
        }
        return files.stream().sorted().toList();
    }
}
