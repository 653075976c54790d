package dev.coracle.events;

import java.util.List;

/** An event that cannot be taken as a job. The message is one line and names every problem found, not only the first. */
public final class EventException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What was wrong with the event. */
    public enum Kind {
        /** Empty, not JSON, nested too deeply, or not a JSON object. */
        MALFORMED,
        /** JSON with unknown keys, wrong types or values out of range. */
        INVALID,
        /** Larger than any event the platform delivers. */
        TOO_LARGE
    }

    private final Kind kind;
    private final String tried;
    private final String[] problems;
    private final String advice;

    EventException(Kind kind, String tried, List<String> problems, String advice) {
        super(sentence(tried + ": " + String.join("; ", problems)) + " " + advice);
        this.kind = kind;
        this.tried = tried;
        this.problems = problems.toArray(String[]::new);
        this.advice = advice;
    }

    private static String sentence(String clause) {
        return clause.endsWith("?") ? clause : clause + ".";
    }

    /** The class of the failure. */
    public Kind kind() {
        return kind;
    }

    /** What was being done. */
    public String tried() {
        return tried;
    }

    /** What happened: all problems in one line. */
    public String happened() {
        return String.join("; ", problems);
    }

    /** Every problem by itself, in the order of the event. */
    public List<String> problems() {
        return List.of(problems);
    }

    /** What the sender can do about it. */
    public String advice() {
        return advice;
    }
}
