package dev.coracle.handler;

/**
 * The invocation failed before or beside the command; Lambda reports it as a function error. The message is one line;
 * there is no stack trace, because to the reader of the function's log it says nothing.
 */
public sealed class InvocationFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvocationFailure(String message) {
        super(message, null, false, false);
    }

    /** The event cannot be carried out as it is: sending it again will not help. */
    public static final class BadRequest extends InvocationFailure {
        private static final long serialVersionUID = 1L;

        BadRequest(String message) {
            super(message);
        }
    }

    /** The function cannot carry out the event: its image, disk, time or engine does not do. */
    public static final class BadFunction extends InvocationFailure {
        private static final long serialVersionUID = 1L;

        BadFunction(String message) {
            super(message);
        }
    }
}
