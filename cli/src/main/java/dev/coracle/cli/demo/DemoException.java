package dev.coracle.cli.demo;

/** The demo did not show what it is there to show. */
public final class DemoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final String tried;
    private final String happened;
    private final String advice;

    /** What went wrong. */
    public enum Kind {
        /** This machine lacks something without which there is nothing to show. */
        MACHINE,
        /** The function failed or crashed. */
        FUNCTION,
        /** The function answered, but not as it should. */
        ANSWER
    }

    DemoException(Kind kind, String tried, String happened, String advice) {
        super(tried + ": " + happened + ". " + advice);
        this.kind = kind;
        this.tried = tried;
        this.happened = happened;
        this.advice = advice;
    }

    /** What kind of failure this is. */
    public Kind kind() {
        return kind;
    }

    /** What was attempted, as a phrase without a final stop. */
    public String tried() {
        return tried;
    }

    /** What happened instead, as a phrase without a final stop; it may have several lines. */
    public String happened() {
        return happened;
    }

    /** What to do about it, as a sentence. */
    public String advice() {
        return advice;
    }
}
