package dev.coracle.layers.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The programs that the {@code #!} line of a script asks for. */
final class Script {
    /** The kernel reads no more of the line. */
    private static final int LINE_MAX = 256;

    private Script() {}

    /** The interpreter, and for {@code env} the program that it starts; nothing when the file is no script. */
    static List<String> programs(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return programs(new String(in.readNBytes(LINE_MAX), StandardCharsets.ISO_8859_1));
        }
    }

    private static List<String> programs(String start) {
        if (!start.startsWith("#!")) {
            return List.of();
        }
        String line = start.substring(2).lines().findFirst().orElse("").strip();
        List<String> words = List.of(line.split("[ \t]+", -1));
        String interpreter = words.getFirst();
        if (!interpreter.startsWith("/")) {
            return List.of();
        }
        return interpreter.endsWith("/env")
                ? Stream.concat(Stream.of(interpreter), startedByEnv(words)).toList()
                : List.of(interpreter);
    }

    private static Stream<String> startedByEnv(List<String> words) {
        return words.stream()
                .skip(1)
                .filter(word -> !word.startsWith("-") && !word.contains("="))
                .limit(1);
    }
}
