package dev.coracle.handler;

import dev.coracle.engines.Mode;
import dev.coracle.engines.choice.Wishes;
import dev.coracle.events.NearestName;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the function's own environment says about how it works: variables that begin with {@code CORACLE_}.
 *
 * @param opt {@code CORACLE_OPT}, where layers are mounted; default {@code /opt}
 * @param work {@code CORACLE_WORK}, the writable directory; default {@code /tmp/coracle}
 * @param margin {@code CORACLE_MARGIN_MS}, kept of the function's time to kill, collect and answer; default 1000
 * @param maxResponseBytes {@code CORACLE_MAX_RESPONSE_BYTES}, of the answer's JSON; default 6291556, what Lambda takes
 * @param mode {@code CORACLE_MODE}, the engine's mode, such as {@code F1}; default none: the one that suits
 */
record Settings(Path opt, Path work, Duration margin, int maxResponseBytes, Optional<Mode> mode) {
    private static final String PREFIX = "CORACLE_";
    private static final String OPT = "CORACLE_OPT";
    private static final String WORK = "CORACLE_WORK";
    private static final String MARGIN = "CORACLE_MARGIN_MS";
    private static final String MAX_RESPONSE = "CORACLE_MAX_RESPONSE_BYTES";
    private static final String MODE = "CORACLE_MODE";
    static final List<String> KEYS = List.of(OPT, WORK, MARGIN, MAX_RESPONSE, MODE);

    private static final int LARGEST_RESPONSE = 6_291_556;
    private static final int SMALLEST_RESPONSE = 4096;
    private static final int LONGEST_MARGIN = 60_000;

    /**
     * Reads an environment.
     *
     * @throws IllegalArgumentException naming every problem at once
     */
    static Settings of(Map<String, String> env) {
        Reader reader = new Reader(env, new ArrayList<>());
        reader.checkNames();
        Settings settings = new Settings(
                reader.directory(OPT, "/opt"),
                reader.directory(WORK, "/tmp/coracle"),
                Duration.ofMillis(reader.number(MARGIN, 1000, 0, LONGEST_MARGIN)),
                reader.number(MAX_RESPONSE, LARGEST_RESPONSE, SMALLEST_RESPONSE, LARGEST_RESPONSE),
                reader.mode());
        if (!reader.problems().isEmpty()) {
            throw new IllegalArgumentException(
                    "the function's environment variables: " + String.join("; ", reader.problems()));
        }
        return settings;
    }

    /** What is wanted of the engine. */
    Wishes wishes() {
        return mode.map(Wishes::mode).orElse(Wishes.NONE);
    }

    private record Reader(Map<String, String> env, List<String> problems) {
        void checkNames() {
            env.keySet().stream()
                    .filter(name -> name.startsWith(PREFIX) && !KEYS.contains(name))
                    .sorted()
                    .forEach(name -> problems.add(name + " is not known"
                            + NearestName.among(KEYS, name)
                                    .map(near -> ", did you mean " + near + "?")
                                    .orElse(", known are " + String.join(", ", KEYS))));
        }

        Path directory(String name, String otherwise) {
            String value = env.getOrDefault(name, otherwise);
            try {
                Path path = Path.of(value);
                if (path.isAbsolute() && value.indexOf(':') < 0) {
                    return path;
                }
            } catch (InvalidPathException e) {
                // Said below, like every other value that is no directory.
            }
            problems.add(name + " must be an absolute path without a colon, it is \"" + value + "\"");
            return Path.of(otherwise);
        }

        Optional<Mode> mode() {
            String value = env.getOrDefault(MODE, "");
            Optional<Mode> mode = Stream.of(Mode.values())
                    .filter(each -> each.name().equals(value))
                    .findFirst();
            if (mode.isEmpty() && !value.isEmpty()) {
                problems.add(MODE + " must be one of "
                        + Stream.of(Mode.values()).map(Mode::name).collect(Collectors.joining(", ")) + ", it is \""
                        + value
                        + "\"");
            }
            return mode;
        }

        int number(String name, int otherwise, int least, int most) {
            String value = env.getOrDefault(name, String.valueOf(otherwise));
            if (value.matches("\\d{1,9}")) {
                int number = Integer.parseInt(value);
                if (number >= least && number <= most) {
                    return number;
                }
            }
            problems.add(name + " must be a whole number from " + least + " to " + most + ", it is \"" + value + "\"");
            return otherwise;
        }
    }
}
