package dev.coracle.cli.lambda;

/** What the caller of the function gets back: always one JSON text. */
public sealed interface Outcome {
    /** The JSON text, the function's response or Lambda's error object. */
    String payload();

    /** The function answered. */
    record Answered(String payload) implements Outcome {}

    /**
     * The function failed, timed out or crashed.
     *
     * @param errorType as Lambda reports it, for example {@code Sandbox.Timedout} or {@code Runtime.ExitError}
     * @param payload an object with {@code errorType} and {@code errorMessage}
     */
    record Failed(String errorType, String payload) implements Outcome {}
}
