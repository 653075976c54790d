package dev.coracle.bench;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What to measure, and on what.
 *
 * @param rounds measured rounds, at least one
 * @param only part of the name of the measurements to run, empty for all
 * @param columns names of the contenders beside the reference
 */
record BenchOptions(int rounds, String only, List<String> columns, Path tree, Path engine, Path guestSource) {
    private static final Set<String> KNOWN = Set.of("rounds", "only", "columns", "tree", "engine", "guest-source");

    BenchOptions {
        if (rounds < 1) {
            throw new BenchException("--rounds must be at least 1, it is " + rounds);
        }
        columns = List.copyOf(columns);
    }

    /** Reads {@code --name=value} arguments; a later one replaces an earlier one of the same name. */
    static BenchOptions parse(String... arguments) {
        Map<String, String> values =
                new HashMap<>(Map.of("rounds", "9", "only", "", "columns", "F1,F2,F3,fakechroot,proot"));
        for (String argument : arguments) {
            String[] parts = argument.split("=", 2);
            if (parts.length != 2 || !parts[0].startsWith("--") || !KNOWN.contains(parts[0].substring(2))) {
                throw new BenchException("not an option: " + argument + "; see bench/engine --help");
            }
            values.put(parts[0].substring(2), parts[1]);
        }
        return new BenchOptions(
                number(need(values, "rounds")),
                need(values, "only"),
                List.of(need(values, "columns").split(",")).stream()
                        .filter(name -> !name.isEmpty())
                        .toList(),
                Path.of(need(values, "tree")),
                Path.of(need(values, "engine")),
                Path.of(need(values, "guest-source")));
    }

    private static String need(Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null) {
            throw new BenchException("--" + name + " is missing");
        }
        return value;
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new BenchException("--rounds must be a number, it is " + text, e);
        }
    }
}
