package dev.coracle.layers;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An image, tree or layer could not be read or written; says what was tried, what happened and what to do. */
public final class LayerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What sort of failure it is, for callers that treat sorts differently. */
    public enum Kind {
        /** The request itself is wrong: an unknown scheme, a bad name. */
        INVALID_REQUEST,
        /** Something named by the request is not there. */
        NOT_FOUND,
        /** Bytes do not have the digest or size that was promised. */
        DIGEST_MISMATCH,
        /** The input is truncated or not of its format. */
        CORRUPT,
        /** The input tries to leave the tree. */
        REFUSED,
        /** The input is well formed, but of a kind that is not supported. */
        UNSUPPORTED,
        /** A registry wants other credentials, or none are good enough. */
        DENIED,
        /** A registry cannot be reached, or keeps failing. */
        NETWORK,
        /** Somebody else holds what is needed, or it must not be changed. */
        BUSY,
        /** The file system failed. */
        IO
    }

    private final Kind kind;
    private final String tried;
    private final String happened;
    private final String advice;

    /** A failure without a cause worth keeping. */
    public LayerException(Kind kind, String tried, String happened, String advice) {
        this(kind, tried, happened, advice, null);
    }

    /** A failure caused by another. */
    public LayerException(Kind kind, String tried, String happened, String advice, @Nullable Throwable cause) {
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

    /** What to do about it, when that is known. */
    public Optional<String> advice() {
        return advice.isEmpty() ? Optional.empty() : Optional.of(advice);
    }
}
