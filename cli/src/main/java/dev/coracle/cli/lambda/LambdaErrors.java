package dev.coracle.cli.lambda;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Locale;

/** The errors that Lambda itself reports, in its words. */
final class LambdaErrors {
    /** The largest event and the largest response, in bytes. */
    static final int LARGEST_PAYLOAD = 6 * 1024 * 1024 + 100;

    private LambdaErrors() {}

    static Outcome.Failed timedOut(String requestId, Duration limit) {
        String seconds = String.format(Locale.ROOT, "%.2f", limit.toMillis() / 1000.0);
        return failed(
                "Sandbox.Timedout", "RequestId: " + requestId + " Error: Task timed out after " + seconds + " seconds");
    }

    static Outcome.Failed exited(String requestId, int status) {
        String how = status == 0
                ? "Runtime exited without providing a reason"
                : "Runtime exited with error: "
                        + (status > 128 ? "signal: " + signal(status - 128) : "exit status " + status);
        return failed("Runtime.ExitError", "RequestId: " + requestId + " Error: " + how);
    }

    static Outcome.Failed responseTooLarge() {
        return failed(
                "Function.ResponseSizeTooLarge",
                "Response payload size exceeded maximum allowed payload size (" + LARGEST_PAYLOAD + " bytes).");
    }

    static Outcome.Failed failed(String type, String message) {
        return new Outcome.Failed(type, json(type, message));
    }

    static String json(String type, String message) {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        return error.put("errorType", type).put("errorMessage", message).toString();
    }

    private static String signal(int number) {
        return switch (number) {
            case 2 -> "interrupt";
            case 4 -> "illegal instruction";
            case 6 -> "aborted";
            case 7 -> "bus error";
            case 8 -> "floating point exception";
            case 9 -> "killed";
            case 11 -> "segmentation fault";
            case 15 -> "terminated";
            case 31 -> "bad system call";
            default -> "signal " + number;
        };
    }
}
