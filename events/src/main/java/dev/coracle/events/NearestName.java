package dev.coracle.events;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the known name that somebody probably meant. */
public final class NearestName {
    private static final int FARTHEST = 3;
    private static final int LONGEST = 64;

    private NearestName() {}

    /** The known name nearest to {@code name}, or empty when none is near enough to be a guess worth making. */
    public static Optional<String> among(Collection<String> known, String name) {
        if (name.length() > LONGEST) {
            return Optional.empty();
        }
        int allowed = Math.min(FARTHEST, Math.max(1, name.length() / 2));
        return known.stream()
                .filter(candidate -> distance(candidate, name) <= allowed)
                .min(Comparator.comparingInt(candidate -> distance(candidate, name)));
    }

    /** Levenshtein's distance, letter case ignored. */
    private static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, 1 + Math.min(previous[j], row[j - 1]));
            }
            previous = row;
        }
        return previous[b.length()];
    }
}
