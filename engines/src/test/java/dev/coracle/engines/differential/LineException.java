package dev.coracle.engines.differential;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lines of some cases' output that are not compared: {@code CASES | LINE | REASON} in a file beside this class, where a line that
 * begins with # is a remark.
 *
 * @param cases a pattern of the names of cases
 * @param line a pattern of whole lines of what they print
 * @param reason why those differ
 */
record LineException(Pattern cases, Pattern line, String reason) {
    static List<LineException> read(String name) {
        try (InputStream text = LineException.class.getResourceAsStream(name)) {
            byte[] bytes = Objects.requireNonNull(text, name).readAllBytes();
            return parse(new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<LineException> parse(String text) {
        return text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(LineException::entry)
                .toList();
    }

    private static LineException entry(String line) {
        List<String> fields =
                Stream.of(line.split(" \\| ", -1)).map(String::strip).toList();
        if (fields.size() != 3 || fields.getLast().isEmpty()) {
            throw new IllegalArgumentException("expected CASES | LINE | REASON: " + line);
        }
        return new LineException(Pattern.compile(fields.getFirst()), Pattern.compile(fields.get(1)), fields.getLast());
    }

    /** The output without the lines that these are about. */
    static String without(Stream<LineException> exceptions, String output) {
        List<Pattern> lines = exceptions.map(LineException::line).toList();
        if (lines.isEmpty()) {
            return output;
        }
        return output.lines()
                .filter(line ->
                        lines.stream().noneMatch(known -> known.matcher(line).matches()))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }
}
