package dev.coracle.layers.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The inputs that are kept: a folder for each target. */
final class Seeds {
    private static final Path TOP = Path.of("src/test/resources/dev/coracle/layers/fuzz");

    private Seeds() {}

    static Path of(Target target) {
        return TOP.resolve(target == Target.UNPACK ? "tar" : target.name().toLowerCase(Locale.ROOT))
                .toAbsolutePath();
    }

    static List<Path> files(Target target) throws IOException {
        try (Stream<Path> files = Files.list(of(target))) {
            return files.sorted().toList();
        }
    }
}
