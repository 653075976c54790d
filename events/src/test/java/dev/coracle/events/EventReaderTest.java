package dev.coracle.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {
    @Test
    void readsEveryMemberOfADirectEvent() throws Exception {
        JobRequest job = read("""
                {"image":"tools","command":["prog","arg","ü"],"env":{"B":"2","A":""},"stdin":"text",
                 "workdir":"/x","user":"1000:100","timeoutSeconds":1.5}""");
        assertThat(job.image()).contains("tools");
        assertThat(job.command()).containsExactly("prog", "arg", "ü");
        assertThat(job.env()).containsExactly(java.util.Map.entry("B", "2"), java.util.Map.entry("A", ""));
        assertThat(job.stdin()).contains("text");
        assertThat(job.workdir()).contains("/x");
        assertThat(job.user()).contains("1000:100");
        assertThat(job.timeout()).contains(Duration.ofMillis(1500));
    }

    @Test
    void anEmptyObjectAsksForTheImagesOwnCommand() throws Exception {
        assertThat(read("{}")).isEqualTo(JobRequest.empty());
    }

    @Test
    void anExplicitNullIsTheSameAsAbsence() throws Exception {
        assertThat(read("""
                                {"image":null,"command":null,"env":null,"stdin":null,"workdir":null,"user":null,
                                 "timeoutSeconds":null}""")).isEqualTo(JobRequest.empty());
    }

    @Test
    void reportsAllProblemsAtOnce() {
        EventException failure = failure("""
                {"image":7,"comand":["ls"],"command":"ls -l","env":{"A":1,"":"x","B=C":"y"},"stdin":[],
                 "workdir":"tmp","user":"root","timeoutSeconds":"5"}""");
        assertThat(failure.kind()).isEqualTo(EventException.Kind.INVALID);
        assertThat(failure.problems())
                .containsExactly(
                        "unknown key \"comand\", did you mean \"command\"?",
                        "\"image\" must be a string, it is a number",
                        "\"command\" must be a list of strings, it is a string",
                        "\"env.A\" must be a string, it is a number",
                        "\"env\" has the name \"\", which no variable can have",
                        "\"env\" has the name \"B=C\", which no variable can have",
                        "\"stdin\" must be a string, it is a list",
                        "\"workdir\" must be an absolute path, it is \"tmp\"",
                        "\"user\" must be uid:gid in numbers, it is \"root\"",
                        "\"timeoutSeconds\" must be a number, it is a string");
        assertThat(failure.getMessage()).doesNotContain("\n").contains("Known keys: image, command");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"command\":[]}",
                "{\"command\":[\"\"]}",
                "{\"command\":[\"a\\u0000b\"]}",
                "{\"command\":[[\"a\"]]}",
                "{\"env\":{\"A\\u0000\":\"b\"}}",
                "{\"env\":{\"A\":\"b\\u0000\"}}",
                "{\"env\":[\"A=b\"]}",
                "{\"timeoutSeconds\":0}",
                "{\"timeoutSeconds\":-1}",
                "{\"timeoutSeconds\":1e99999}",
                "{\"user\":\"1000\"}",
                "{\"user\":\"1:4294967295\"}",
                "{\"workdir\":\"\"}",
                "{\"workdir\":\"/a\\u0000\"}",
                "{\"image\":\" \"}",
                "{\"Records\":[]}"
            })
    void refusesWhatCannotBeMeant(String event) {
        assertThat(failure(event).kind()).isEqualTo(EventException.Kind.INVALID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "  ", "{", "[]", "\"text\"", "null", "{}{}", "{\"a\":1,\"a\":2}", "{'a':1}", "\uFEFFx", "nul"
            })
    void saysThatItIsNotAJsonObject(String event) {
        EventException failure = failure(event);
        assertThat(failure.kind()).isEqualTo(EventException.Kind.MALFORMED);
        assertThat(failure.getMessage()).startsWith("reading the event: ").doesNotContain("\n");
    }

    @Test
    void bytesThatAreNotUtf8AreMalformed() {
        byte[] bytes = {'{', '"', 'i', 'm', 'a', 'g', 'e', '"', ':', '"', (byte) 0xff, '"', '}'};
        EventException failure = catchThrowableOfType(EventException.class, () -> EventReader.parse(bytes));
        assertThat(failure.kind()).isEqualTo(EventException.Kind.MALFORMED);
    }

    @Test
    void deepNestingIsRefusedBeforeItCostsStack() {
        EventException failure = failure("{\"env\":" + "[".repeat(100_000));
        assertThat(failure.kind()).isEqualTo(EventException.Kind.MALFORMED);
    }

    @Test
    void arguments131072BytesLongAreRefusedBecauseTheKernelWould() {
        EventException failure = failure("{\"command\":[\"echo\",\"" + "x".repeat(131_072) + "\"]}");
        assertThat(failure.happened()).contains("command[1]").contains("use stdin");
    }

    @Test
    void aCommandThatIsTooLargeAltogetherIsRefused() {
        String argument = ",\"" + "x".repeat(100_000) + "\"";
        assertThat(failure("{\"command\":[\"echo\"" + argument.repeat(11) + "]}")
                        .happened())
                .contains("together are longer than 1048576 bytes");
    }

    @Test
    void moreThanThePlatformDeliversIsRefusedWithoutReadingOn() {
        byte[] event = new byte[EventReader.LARGEST + 10];
        EventException failure =
                catchThrowableOfType(EventException.class, () -> EventReader.read(new ByteArrayInputStream(event)));
        assertThat(failure.kind()).isEqualTo(EventException.Kind.TOO_LARGE);
    }

    @Test
    void largeStandardInputIsTaken() throws Exception {
        String stdin = "x".repeat(5_000_000);
        assertThat(read("{\"stdin\":\"" + stdin + "\"}").stdin()).contains(stdin);
    }

    @Test
    void aStrangersKeyCannotForgeALogLine() {
        assertThat(failure("{\"a\\nINFO all is well\":1}").getMessage()).doesNotContain("\n");
    }

    private static JobRequest read(String event) throws Exception {
        return EventReader.parse(event.getBytes(StandardCharsets.UTF_8)).job();
    }

    private static EventException failure(String event) {
        return catchThrowableOfType(
                EventException.class, () -> EventReader.parse(event.getBytes(StandardCharsets.UTF_8)));
    }
}
