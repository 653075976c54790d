package dev.coracle.engines.differential;

import java.util.List;

/**
 * What Lambda itself does not have, or an emulated root cannot do, and why: {@code lambda.exceptions}, a line each, {@code CASES |
 * LINE | REASON}. In the cases whose whole name the first pattern is for, lines of output that the second matches are not compared;
 * where that is {@code .*}, the case is not run at all.
 */
record NotInLambda(List<LineException> entries) {
    private static final String WHOLE_CASE = ".*";

    static NotInLambda read() {
        return new NotInLambda(LineException.read("lambda.exceptions"));
    }

    /** Whether there is nothing to compare. */
    boolean speaksOf(GuestCase guestCase) {
        return entries.stream()
                .anyMatch(entry -> entry.line().pattern().equals(WHOLE_CASE) && isAbout(entry, guestCase));
    }

    /** The output of a case without what may differ. */
    String without(GuestCase guestCase, String output) {
        return LineException.without(entries.stream().filter(entry -> isAbout(entry, guestCase)), output);
    }

    static boolean isAbout(LineException entry, GuestCase guestCase) {
        return entry.cases().matcher(guestCase.toString()).matches();
    }
}
