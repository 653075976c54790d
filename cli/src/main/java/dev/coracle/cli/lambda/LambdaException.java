package dev.coracle.cli.lambda;

import org.jspecify.annotations.Nullable;

/** The local Lambda itself could not do its part; failures of the function are {@link Outcome.Failed} instead. */
public final class LambdaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final String tried;
    private final String happened;
    private final String advice;

    /** What went wrong, for callers that react to it. */
    public enum Kind {
        /** A setting is outside what Lambda accepts, or names something that is not there. */
        SETTINGS,
        /** A function or layer zip cannot be unpacked safely. */
        ARCHIVE,
        /** The sandbox or the Runtime API could not be set up. */
        SANDBOX,
        /** The event itself is refused, for example because it is too large. */
        EVENT
    }

    LambdaException(Kind kind, String tried, String happened, String advice) {
        this(kind, tried, happened, advice, null);
    }

    LambdaException(Kind kind, String tried, String happened, String advice, @Nullable Throwable cause) {
        super(tried + ": " + happened + ". " + advice, cause);
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

    /** What happened instead, as a phrase without a final stop. */
    public String happened() {
        return happened;
    }

    /** What to do about it, as a sentence. */
    public String advice() {
        return advice;
    }
}
