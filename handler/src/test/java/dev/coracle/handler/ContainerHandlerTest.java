package dev.coracle.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coracle.engines.StandInEngine;
import dev.coracle.layers.Architecture;
import dev.coracle.layers.ImageConfig;
import dev.coracle.layers.PackedImage;
import dev.coracle.layers.Progress;
import dev.coracle.layers.TreeArchive;
import dev.coracle.layers.TreeInfo;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The function as Lambda calls it, with a layer directory as Lambda mounts it and the stand-in as its engine. */
@Timeout(60)
class ContainerHandlerTest {
    @TempDir
    static Path opt;

    @TempDir
    Path work;

    @BeforeAll
    static void mountTheLayers() throws Exception {
        Path bin = Files.createDirectories(opt.resolve("coracle/bin"));
        StandInEngine.compile(bin);
        Files.move(bin.resolve("stand-in-engine"), bin.resolve("coracle-engine"));
        Path tree = Files.createDirectories(opt.resolve("tree"));
        Path place = Files.createDirectories(opt.resolve("coracle/images/tools"));
        TreeInfo info = TreeArchive.pack(tree, place.resolve("tree.tar.zst"), Progress.SILENT);
        ImageConfig config = new ImageConfig(List.of("echo", "hello"), List.of(), List.of(), "/", "");
        String architecture = Architecture.parse(System.getProperty("os.arch")).toString();
        new PackedImage("tools", architecture, config, info).write(place.resolve("image.json"));
    }

    @Test
    void answersWithTheDocumentedShape() throws Exception {
        JsonNode answer = invoke(handler(), "{}");
        assertThat(answer.fieldNames())
                .toIterable()
                .containsExactly(
                        "exitCode",
                        "signal",
                        "timedOut",
                        "stdout",
                        "stderr",
                        "stdoutTruncated",
                        "stderrTruncated",
                        "engine",
                        "timingsMs",
                        "coldStart");
        assertThat(answer.get("stdout").asText()).isEqualTo("hello\n");
        assertThat(answer.get("engine").get("mode").asText()).isEqualTo("F1");
        assertThat(answer.get("engine").get("reason").asText()).isNotBlank();
        assertThat(answer.get("timingsMs").has("total")).isTrue();
    }

    @Test
    void onlyTheFirstInvocationIsACold() throws Exception {
        ContainerHandler handler = handler();
        assertThat(invoke(handler, "{}").get("coldStart").asBoolean()).isTrue();
        assertThat(invoke(handler, "{}").get("coldStart").asBoolean()).isFalse();
    }

    @Test
    void aCommandThatFailsIsAnAnswer() throws Exception {
        JsonNode answer = invoke(handler(), "{\"command\":[\"sh\",\"-c\",\"echo no >&2; exit 9\"]}");
        assertThat(answer.get("exitCode").asInt()).isEqualTo(9);
        assertThat(answer.get("stderr").asText()).isEqualTo("no\n");
    }

    @Test
    void theTimeLeftEndsTheCommand() throws Exception {
        JsonNode answer = invoke(handler(), "{\"command\":[\"sleep\",\"55\"]}", 1500);
        assertThat(answer.get("timedOut").asBoolean()).isTrue();
        assertThat(answer.get("exitCode").asInt()).isEqualTo(137);
        assertThat(answer.get("timingsMs").get("total").asInt()).isLessThan(1500);
    }

    @Test
    void moreOutputThanLambdaTakesIsCutToFit() throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        byte[] event =
                "{\"command\":[\"sh\",\"-c\",\"yes 'a\\\\\\\"b' | head -c 9000000\"]}".getBytes(StandardCharsets.UTF_8);
        handler().handleRequest(new ByteArrayInputStream(event), output, new FixedContext("big", 50_000));
        assertThat(output.size()).isBetween(6_290_000, 6_291_556);
        JsonNode answer = new ObjectMapper().readTree(output.toByteArray());
        assertThat(answer.get("stdoutTruncated").asBoolean()).isTrue();
        assertThat(Path.of(answer.get("stdoutFile").asText()))
                .isEqualTo(work.resolve("output/big/stdout"))
                .hasSize(9_000_000);
    }

    @Test
    void aBadEventFailsTheInvocationInOneLineWithoutAStack() {
        InvocationFailure failure = failure("{\"comand\":[\"ls\"],\"timeoutSeconds\":-1}");
        assertThat(failure).isInstanceOf(InvocationFailure.BadRequest.class);
        assertThat(failure.getMessage())
                .contains("did you mean \"command\"")
                .contains("timeoutSeconds")
                .doesNotContain("\n");
        assertThat(failure.getStackTrace()).isEmpty();
    }

    @Test
    void anUnknownImageFailsTheInvocationAndNamesWhatIsThere() {
        InvocationFailure failure = failure("{\"image\":\"tool\"}");
        assertThat(failure).isInstanceOf(InvocationFailure.BadRequest.class);
        assertThat(failure.getMessage()).contains("installed images: tools");
    }

    @Test
    void noTimeIsTheFunctionsFault() {
        assertThat(catchThrowableOfType(InvocationFailure.class, () -> invoke(handler(), "{}", 900)))
                .isInstanceOf(InvocationFailure.BadFunction.class);
    }

    private ContainerHandler handler() {
        return new ContainerHandler(Map.of(
                "CORACLE_OPT",
                opt.toString(),
                "CORACLE_WORK",
                work.toString(),
                "AWS_SECRET_ACCESS_KEY",
                "secret",
                "LD_LIBRARY_PATH",
                "/var/lang/lib"));
    }

    private InvocationFailure failure(String event) {
        return catchThrowableOfType(InvocationFailure.class, () -> invoke(handler(), event));
    }

    private static JsonNode invoke(ContainerHandler handler, String event) throws IOException {
        return invoke(handler, event, 50_000);
    }

    private static JsonNode invoke(ContainerHandler handler, String event, int remaining) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        handler.handleRequest(
                new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)),
                output,
                new FixedContext("request-1", remaining));
        return new ObjectMapper().readTree(output.toByteArray());
    }
}
