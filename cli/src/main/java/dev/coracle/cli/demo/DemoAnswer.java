package dev.coracle.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coracle.cli.demo.DemoException.Kind;
import dev.coracle.cli.lambda.Invocation;
import dev.coracle.cli.lambda.Outcome;
import java.time.Duration;

/**
 * What the handler answered and how long it took.
 *
 * @param stdout what the guest printed
 * @param mode the engine that ran it
 * @param reason why that engine was taken
 * @param coldStart as the handler sees it
 */
record DemoAnswer(String stdout, String mode, String reason, boolean coldStart, DemoTimings timings) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads the answer to one event.
     *
     * @throws DemoException when the function failed, or the guest did not end with 0
     */
    static DemoAnswer of(String event, Invocation invocation) {
        String tried = "sending a " + event + " event";
        if (invocation.outcome() instanceof Outcome.Failed failed) {
            throw new DemoException(
                    Kind.FUNCTION,
                    tried,
                    "the function failed with " + failed.payload() + "\n" + invocation.log(),
                    "Does --sandbox=none work? Then this machine does not let runc work.");
        }
        JsonNode answer = parse(tried, invocation.outcome().payload());
        if (answer.path("exitCode").asInt(-1) != 0) {
            throw new DemoException(
                    Kind.ANSWER,
                    tried,
                    "the guest did not end well: " + answer.toPrettyString(),
                    "Run it again with --sandbox=none to see whether the sandbox is the reason.");
        }
        JsonNode engine = answer.path("engine");
        return new DemoAnswer(
                answer.path("stdout").asText(),
                engine.path("mode").asText(),
                engine.path("reason").asText(),
                answer.path("coldStart").asBoolean(),
                timings(invocation, answer.path("timingsMs")));
    }

    private static DemoTimings timings(Invocation invocation, JsonNode steps) {
        return new DemoTimings(
                invocation.timings().init(),
                Duration.ofMillis(steps.path("unpack").asLong()),
                Duration.ofMillis(steps.path("run").asLong()),
                invocation.timings().init().plus(invocation.timings().duration()));
    }

    private static JsonNode parse(String tried, String payload) {
        try {
            return JSON.readTree(payload);
        } catch (JsonProcessingException e) {
            throw new DemoException(
                    Kind.ANSWER, tried, "the answer is no JSON: " + payload, "This is a defect; please report it.");
        }
    }
}
