package dev.coracle.engines.differential;

import java.util.List;

/** What the engine is known to do otherwise than a chroot and why: {@code known.differences}. */
record KnownDifferences(List<LineException> entries) {
    /** More would be a bug list, not a table of reasons. */
    static final int MOST = 20;

    static KnownDifferences read() {
        return new KnownDifferences(LineException.read("known.differences"));
    }

    /** The output of a case without what may differ; the pattern is found in its name. */
    String without(GuestCase guestCase, String output) {
        return LineException.without(
                entries.stream()
                        .filter(entry ->
                                entry.cases().matcher(guestCase.toString()).find()),
                output);
    }
}
