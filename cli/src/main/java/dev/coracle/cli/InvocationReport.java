package dev.coracle.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coracle.cli.lambda.Invocation;
import dev.coracle.cli.lambda.LambdaSettings;
import dev.coracle.cli.lambda.Outcome;
import java.time.Duration;
import java.util.Locale;

/** One invocation in words for a person or as one JSON object. */
final class InvocationReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Invocation invocation;
    private final LambdaSettings settings;

    InvocationReport(Invocation invocation, LambdaSettings settings) {
        this.invocation = invocation;
        this.settings = settings;
    }

    /** The response, then what the function logged, then Lambda's REPORT line; without a final line end. */
    String text() {
        StringBuilder text = new StringBuilder();
        if (invocation.outcome() instanceof Outcome.Failed failed) {
            text.append("failed: ").append(failed.errorType()).append('\n');
        }
        text.append(ResponseText.of(invocation.outcome().payload())).append('\n');
        if (!invocation.log().isEmpty()) {
            text.append("--- log\n").append(invocation.log());
            if (!invocation.log().endsWith("\n")) {
                text.append('\n');
            }
        }
        return text.append("--- ").append(report()).toString();
    }

    /** One line of JSON: requestId, ok, coldStart, response, errorType, log, timingsMs, maxMemoryMB. */
    String json() {
        ObjectNode object = JSON.createObjectNode();
        object.put("requestId", invocation.requestId());
        object.put("ok", !invocation.failed());
        object.put("coldStart", invocation.coldStart());
        object.put("errorType", invocation.outcome() instanceof Outcome.Failed failed ? failed.errorType() : null);
        object.set("response", parse(invocation.outcome().payload()));
        object.put("log", invocation.log());
        ObjectNode timings = object.putObject("timingsMs");
        timings.put("init", millis(invocation.timings().init()));
        timings.put("duration", millis(invocation.timings().duration()));
        timings.put("billed", invocation.timings().billed().toMillis());
        object.put("memorySizeMB", settings.memoryMegabytes());
        object.put("maxMemoryMB", megabytes());
        return object.toString();
    }

    private String report() {
        String init = invocation.coldStart()
                ? String.format(
                        Locale.ROOT,
                        "  Init: %.1f ms",
                        millis(invocation.timings().init()))
                : "";
        return String.format(
                Locale.ROOT,
                "REPORT %s  %s  Duration: %.1f ms%s  Billed: %d ms  Memory: %d MB  Max used: %s",
                invocation.requestId(),
                invocation.coldStart() ? "cold" : "warm",
                millis(invocation.timings().duration()),
                init,
                invocation.timings().billed().toMillis(),
                settings.memoryMegabytes(),
                megabytes() == 0 ? "unknown" : megabytes() + " MB");
    }

    private long megabytes() {
        return (invocation.maxMemoryBytes() + (1 << 20) - 1) >> 20;
    }

    private static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 1e4) / 100.0;
    }

    /** A stream handler may answer with anything; what is no JSON is shown as a string. */
    private static JsonNode parse(String payload) {
        try {
            return JSON.readTree(payload);
        } catch (JsonProcessingException e) {
            return JSON.getNodeFactory().textNode(payload);
        }
    }
}
