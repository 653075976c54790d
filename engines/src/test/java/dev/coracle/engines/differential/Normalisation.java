package dev.coracle.engines.differential;

import java.util.regex.Pattern;

/** A text that may differ between two runs of the same guest, and why. */
record Normalisation(Pattern pattern, String replacement, String reason) {

    /** Reads {@code REGEX => REPLACEMENT because REASON}. */
    static Normalisation parse(String text) {
        int arrow = text.indexOf(" => ");
        int because = text.indexOf(" because ", arrow);
        if (arrow < 0 || because < 0) {
            throw new IllegalArgumentException("not REGEX => REPLACEMENT because REASON: " + text);
        }
        return new Normalisation(
                Pattern.compile(text.substring(0, arrow)),
                text.substring(arrow + 4, because),
                text.substring(because + 9));
    }

    String apply(String text) {
        return pattern.matcher(text).replaceAll(replacement);
    }
}
