package dev.coracle.engines.differential;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Cases about what Lambda itself does not have, and why: {@code lambda.exceptions}, a line each, {@code CASES | REASON}, the first
 * being a pattern for the whole name.
 */
record NotInLambda(List<Entry> entries) {
    record Entry(Pattern cases, String reason) {}

    static NotInLambda read() {
        try (InputStream text = NotInLambda.class.getResourceAsStream("lambda.exceptions")) {
            byte[] bytes = Objects.requireNonNull(text, "lambda.exceptions").readAllBytes();
            return new NotInLambda(new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(NotInLambda::parse)
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Entry parse(String line) {
        String[] fields = line.split(" \\| ", -1);
        if (fields.length != 2) {
            throw new IllegalArgumentException("expected CASES | REASON: " + line);
        }
        return new Entry(Pattern.compile(fields[0].strip()), fields[1].strip());
    }

    boolean speaksOf(GuestCase guestCase) {
        return entries.stream()
                .anyMatch(entry -> entry.cases().matcher(guestCase.toString()).matches());
    }
}
