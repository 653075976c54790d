package dev.coracle.engines.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** What differs between the reference and the subject; nothing, if the subject is right. */
record Comparison(List<String> differences) {
    private static final int SHOWN = 6000;
    private static final KnownDifferences KNOWN = KnownDifferences.read();

    static Comparison of(GuestCase guestCase, Observation reference, Observation subject) {
        List<String> found = new ArrayList<>();
        compare(found, "end", reference.outcome().end(), subject.outcome().end());
        compare(
                found,
                "stdout",
                KNOWN.without(guestCase, guestCase.normalise(reference.outcome().stdout())),
                KNOWN.without(guestCase, guestCase.normalise(subject.outcome().stdout())));
        compare(
                found,
                "stderr",
                guestCase.normalise(reference.outcome().stderr()),
                guestCase.normalise(subject.outcome().stderr()));
        compareChanges(found, guestCase, reference.changes(), subject.changes());
        return new Comparison(List.copyOf(found));
    }

    private static void compare(List<String> found, String what, String expected, String actual) {
        if (!expected.equals(actual)) {
            List<String> left = expected.lines().toList();
            List<String> right = actual.lines().toList();
            int head = commonHead(left, right);
            int tail = commonHead(
                    left.subList(head, left.size()).reversed(),
                    right.subList(head, right.size()).reversed());
            found.add("%s, from line %d%n--- chroot%n%s%n--- engine%n%s%n"
                    .formatted(what, head + 1, middle(left, head, tail), middle(right, head, tail)));
        }
    }

    private static int commonHead(List<String> left, List<String> right) {
        int same = 0;
        while (same < Math.min(left.size(), right.size()) && left.get(same).equals(right.get(same))) {
            same++;
        }
        return same;
    }

    private static String middle(List<String> lines, int head, int tail) {
        return cut(String.join("\n", lines.subList(head, lines.size() - tail)));
    }

    private static void compareChanges(
            List<String> found, GuestCase guestCase, TreeChanges expected, TreeChanges actual) {
        TreeSet<String> missing = normalised(guestCase, expected);
        TreeSet<String> extra = normalised(guestCase, actual);
        TreeSet<String> both = new TreeSet<>(missing);
        both.retainAll(extra);
        missing.removeAll(both);
        extra.removeAll(both);
        missing.forEach(line -> found.add("tree, only under chroot: " + line));
        extra.forEach(line -> found.add("tree, only under the engine: " + line));
    }

    private static TreeSet<String> normalised(GuestCase guestCase, TreeChanges changes) {
        TreeSet<String> lines = new TreeSet<>();
        changes.lines().forEach(line -> lines.add(guestCase.normalise(line)));
        return lines;
    }

    private static String cut(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "... (" + text.length() + " characters)";
    }
}
