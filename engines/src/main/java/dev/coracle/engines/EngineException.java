package dev.coracle.engines;

import org.jspecify.annotations.Nullable;

/** The engine or the host failed, not the guest; says what was tried, what happened and what to do. */
public final class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What sort of failure it is. */
    public enum Kind {
        /** There is no engine program for this machine. */
        MISSING,
        /** An engine program is there, but cannot be used. */
        UNUSABLE,
        /** The host refused to start the engine. */
        NOT_STARTED,
        /** The engine ended without saying how the guest ended. */
        DIED,
        /** The caller's thread was interrupted; the run was killed. */
        INTERRUPTED,
        /** The file system failed. */
        IO
    }

    private final Kind kind;
    private final String tried;
    private final String happened;
    private final String advice;

    EngineException(Kind kind, String tried, String happened, String advice, @Nullable Throwable cause) {
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
