package dev.coracle.cli.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coracle.cli.lambda.Invocation;
import dev.coracle.cli.lambda.LambdaSettings;
import dev.coracle.cli.lambda.LocalLambda;
import dev.coracle.cli.lambda.SandboxKind;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Coracle's own function in the local Lambda, and what tests ask of it. */
record Function(LocalLambda lambda) implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Settings of the function as it was just built, in the runc sandbox; skips the test where that cannot be. */
    static LambdaSettings settings(List<Path> layers) {
        assumeTrue("amd64".equals(System.getProperty("os.arch")), "the engine runs guests on x86_64");
        assumeTrue("root".equals(System.getProperty("user.name")), "runc needs root");
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/runc")), "runc is not installed");
        return LambdaSettings.of(LambdaSettings.ownFunction())
                .withLayers(layers)
                .withSandbox(SandboxKind.RUNC);
    }

    static Function start(LambdaSettings settings) {
        return new Function(LocalLambda.start(settings));
    }

    /** An event that runs a shell script. */
    static ObjectNode script(String script) {
        ObjectNode event = JSON.createObjectNode();
        event.putArray("command").add("sh").add("-c").add(script);
        return event;
    }

    /** The answer to a shell script. */
    JsonNode run(String script) {
        return answer(script(script));
    }

    /** What a shell script prints; it must end with 0. */
    String printed(String script) {
        JsonNode answer = run(script);
        assertThat(answer.get("exitCode").asInt()).as(answer.toPrettyString()).isZero();
        return answer.get("stdout").asText();
    }

    /** The answer to an event; the invocation must not fail. */
    JsonNode answer(JsonNode event) {
        Invocation invocation = invoke(event.toString());
        assertThat(invocation.failed())
                .as(invocation.outcome().payload() + invocation.log())
                .isFalse();
        return parse(invocation.outcome().payload());
    }

    /** Lambda's error object for an event; the invocation must fail. */
    JsonNode failure(String event) {
        Invocation invocation = invoke(event);
        assertThat(invocation.failed()).as(invocation.outcome().payload()).isTrue();
        return parse(invocation.outcome().payload());
    }

    Invocation invoke(String event) {
        return lambda.invoke(event.getBytes(StandardCharsets.UTF_8));
    }

    /** A file of the function's own file system, seen from out here. */
    Path file(String path) {
        int first = processes().stream().min(Integer::compare).orElseThrow();
        return Path.of("/proc/" + first + "/root" + path);
    }

    /** All processes of the execution environment. */
    Set<Integer> processes() {
        return lambda.processes();
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        lambda.close();
    }
}
