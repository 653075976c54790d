package dev.coracle.engines.differential;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What the engine is known to do otherwise than a chroot and why: {@code known.differences}, a line each, {@code CASES | LINE |
 * REASON}. In the cases whose name the first pattern finds, lines of output that the second matches are not compared.
 */
record KnownDifferences(List<Entry> entries) {
    /** More would be a bug list, not a table of reasons. */
    static final int MOST = 20;

    record Entry(Pattern cases, Pattern line, String reason) {}

    static KnownDifferences read() {
        try (InputStream text = KnownDifferences.class.getResourceAsStream("known.differences")) {
            byte[] bytes = Objects.requireNonNull(text, "known.differences").readAllBytes();
            return new KnownDifferences(new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(KnownDifferences::parse)
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Entry parse(String line) {
        String[] fields = line.split(" \\| ", -1);
        if (fields.length != 3) {
            throw new IllegalArgumentException("expected CASES | LINE | REASON: " + line);
        }
        return new Entry(Pattern.compile(fields[0].strip()), Pattern.compile(fields[1].strip()), fields[2].strip());
    }

    /** The output of a case without what may differ. */
    String without(GuestCase guestCase, String output) {
        List<Pattern> lines = entries.stream()
                .filter(entry -> entry.cases().matcher(guestCase.toString()).find())
                .map(Entry::line)
                .toList();
        if (lines.isEmpty()) {
            return output;
        }
        StringBuilder kept = new StringBuilder();
        output.lines()
                .filter(line ->
                        lines.stream().noneMatch(known -> known.matcher(line).matches()))
                .forEach(line -> kept.append(line).append('\n'));
        return kept.toString();
    }
}
