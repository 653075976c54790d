package dev.coracle.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The directories in which a shell would look for programs. */
final class SearchPath {
    private SearchPath() {}

    /** What PATH says; empty parts, which mean the current directory to a shell, are left out. */
    static List<Path> of(Map<String, String> environment) {
        return Arrays.stream(environment.getOrDefault("PATH", "").split(":", -1))
                .filter(directory -> !directory.isEmpty())
                .map(Path::of)
                .toList();
    }
}
