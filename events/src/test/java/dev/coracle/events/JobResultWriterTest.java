package dev.coracle.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class JobResultWriterTest {
    private static final JobResult.Engine F1 = new JobResult.Engine("F1", "asks the kernel for nothing");

    @Test
    void writesTheDocumentedShape() {
        Map<String, Long> timings = new LinkedHashMap<>();
        timings.put("unpack", 20L);
        timings.put("total", 31L);
        JobResult result = new JobResult(
                0, OptionalInt.empty(), false, JobOutput.whole("out\n", 4), JobOutput.whole("", 0), F1, timings, true);
        assertThat(new String(JobResultWriter.json(result), StandardCharsets.UTF_8))
                .isEqualTo("{\"exitCode\":0,\"signal\":null,\"timedOut\":false,\"stdout\":\"out\\n\",\"stderr\":\"\","
                        + "\"stdoutTruncated\":false,\"stderrTruncated\":false,"
                        + "\"engine\":{\"mode\":\"F1\",\"reason\":\"asks the kernel for nothing\"},"
                        + "\"timingsMs\":{\"unpack\":20,\"total\":31},\"coldStart\":true}");
    }

    @Test
    void saysWhatIsUnusualAboutAnOutput() throws Exception {
        JobOutput cut = new JobOutput("a", true, true, 9, Optional.of("/tmp/stdout"), Optional.of("disk full"));
        JsonNode json = new ObjectMapper()
                .readTree(JobResultWriter.json(
                        new JobResult(137, OptionalInt.of(9), true, cut, JobOutput.whole("", 0), F1, Map.of(), false)));
        assertThat(json.get("signal").asInt()).isEqualTo(9);
        assertThat(json.get("stdoutTruncated").asBoolean()).isTrue();
        assertThat(json.get("stdoutBytes").asInt()).isEqualTo(9);
        assertThat(json.get("stdoutReplaced").asBoolean()).isTrue();
        assertThat(json.get("stdoutFile").asText()).isEqualTo("/tmp/stdout");
        assertThat(json.get("stdoutLost").asText()).isEqualTo("disk full");
        assertThat(json.has("stderrFile")).isFalse();
    }

    @Test
    void theSizeOfATextIsWhatTheWriterWrites() {
        StringBuilder every = new StringBuilder();
        for (int character = 0; character <= 0x2100; character++) {
            every.appendCodePoint(character);
        }
        every.append("\uFFFD\uFFFF😀\u2028");
        String text = every.toString();
        assertThat((long) JobResultWriter.json(result(text)).length)
                .isEqualTo(JobResultWriter.json(result("")).length + JsonText.size(text));
    }

    @Test
    void cuttingNeverSplitsACharacter() {
        assertThat(JsonText.cut("a😀b", 4)).isEqualTo("a");
        assertThat(JsonText.cut("a😀b", 5)).isEqualTo("a😀");
        assertThat(JsonText.cut("a😀b", 6)).isEqualTo("a😀b");
        assertThat(JsonText.cut("\u0001x", 5)).isEmpty();
        assertThat(JsonText.cut("ab", 0)).isEmpty();
    }

    private static JobResult result(String stdout) {
        return new JobResult(
                0, OptionalInt.empty(), false, JobOutput.whole(stdout, 0), JobOutput.whole("", 0), F1, Map.of(), false);
    }
}
