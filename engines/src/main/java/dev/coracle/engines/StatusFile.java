package dev.coracle.engines;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one line in which the engine says how the guest ended: {@code exit N}, {@code signal N}, {@code error N TEXT}. Empty lines keep room for it. */
final class StatusFile {
    private static final Pattern LINE =
            Pattern.compile("(exit|signal|error) (\\d{1,3})(?: (.*?))?\\R*", Pattern.DOTALL);

    private StatusFile() {}

    /** Whether the engine has come as far as to keep room for its line, which it does before anything of the guest runs. */
    static boolean isBegun(Path file) throws IOException {
        return Files.exists(file) && Files.size(file) > 0;
    }

    /** What the engine wrote; empty when it wrote nothing, or not all of it, before it ended. */
    static Optional<Exit> read(Path file) throws IOException {
        return isBegun(file) ? parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)) : Optional.empty();
    }

    static Optional<Exit> parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int number = Integer.parseInt(matcher.group(2));
        return Optional.of(
                switch (matcher.group(1)) {
                    case "exit" -> new Exit.Code(number);
                    case "signal" -> new Exit.Signal(number);
                    default ->
                        new Exit.NotStarted(
                                number,
                                Optional.ofNullable(matcher.group(3)).orElse("").strip());
                });
    }
}
