package dev.coracle.engines.audit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What is known of each system call; see the three tables beside this class. */
record CallTables(Map<String, List<PathArgument>> paths, Set<String> refused, Set<String> pathless) {

    static CallTables load() {
        Map<String, List<PathArgument>> paths = new HashMap<>();
        for (String line : lines("path-calls")) {
            List<String> words = words(line);
            paths.put(
                    words.getFirst(),
                    words.stream().skip(1).map(PathArgument::parse).toList());
        }
        return new CallTables(Map.copyOf(paths), names("refused-calls"), names("pathless-calls"));
    }

    boolean knows(String call) {
        return paths.containsKey(call) || refused.contains(call) || pathless.contains(call);
    }

    private static Set<String> names(String table) {
        Set<String> names = new HashSet<>();
        lines(table).forEach(line -> names.addAll(words(line)));
        return Set.copyOf(names);
    }

    private static List<String> words(String line) {
        return Arrays.stream(line.split(" +", -1))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static List<String> lines(String table) {
        try (InputStream text = CallTables.class.getResourceAsStream(table + ".table")) {
            return new String(Objects.requireNonNull(text, table).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
