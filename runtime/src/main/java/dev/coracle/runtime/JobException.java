package dev.coracle.runtime;

import org.jspecify.annotations.Nullable;

/** A job could not be run; says what was tried, what happened and what to do. A command that fails is not this. */
public final class JobException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What sort of failure it is, and so who can mend it. */
    public enum Kind {
        /** The request names an image that is not installed, or none where it has to. */
        UNKNOWN_IMAGE,
        /** The request cannot be carried out by this image: no command, no such user, no such directory. */
        UNFIT_REQUEST,
        /** An installed image is damaged, or for another processor. */
        BROKEN_IMAGE,
        /** The disk is too small. */
        NO_SPACE,
        /** The caller's time was used up before the command could start. */
        NO_TIME,
        /** The engine failed, or there is none. */
        ENGINE,
        /** The file system failed. */
        IO
    }

    private final Kind kind;
    private final String tried;
    private final String happened;
    private final String advice;

    /** A failure without a cause worth keeping. */
    public JobException(Kind kind, String tried, String happened, String advice) {
        this(kind, tried, happened, advice, null);
    }

    /** A failure caused by another. */
    public JobException(Kind kind, String tried, String happened, String advice, @Nullable Throwable cause) {
        super(tried + ": " + happened + (advice.isEmpty() ? "" : " (" + advice + ")"), cause);
        this.kind = kind;
        this.tried = tried;
        this.happened = happened;
        this.advice = advice;
    }

    /** The sort of failure. */
    public Kind kind() {
        return kind;
    }

    /** What was being done. */
    public String tried() {
        return tried;
    }

    /** What went wrong. */
    public String happened() {
        return happened;
    }

    /** What to do about it; empty when nobody knows. */
    public String advice() {
        return advice;
    }
}
