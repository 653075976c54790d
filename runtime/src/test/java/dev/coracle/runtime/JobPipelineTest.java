package dev.coracle.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coracle.engines.Engine;
import dev.coracle.engines.EngineChoice;
import dev.coracle.engines.EngineException;
import dev.coracle.engines.EngineProgram;
import dev.coracle.engines.InProcessEngine;
import dev.coracle.engines.Mode;
import dev.coracle.engines.StandInEngine;
import dev.coracle.events.JobRequest;
import dev.coracle.events.JobResult;
import dev.coracle.events.JobResultWriter;
import dev.coracle.layers.ImageConfig;
import dev.coracle.layers.TreeArchive;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole jobs with real images and real processes; only the engine is the stand-in, so commands see the host's tree. */
@Timeout(60)
class JobPipelineTest {
    private static final int SMALL = 8192;

    @TempDir
    static Path tools;

    @TempDir
    Path directory;

    private static Engine engine;

    private List<Engine> engines = List.of();
    private JobPipeline pipeline = new JobPipeline(List.of());

    @BeforeAll
    static void compileTheStandIn() throws Exception {
        engine = StandInEngine.compile(tools);
    }

    @BeforeEach
    void installAnImage() throws Exception {
        ImageFixture.install(
                directory.resolve("images"),
                "tools",
                new ImageConfig(List.of("echo"), List.of("from", "the", "image"), List.of(), "/", ""));
        engines = List.of(engine);
        pipeline = pipeline(SMALL);
    }

    @Test
    void anEngineThatCannotStartIsFollowedByTheNextAndThatIsSaid() {
        engines = List.of(broken(), broken(), engine);
        pipeline = pipeline(SMALL);
        JobResult result = run("echo once");
        assertThat(result.stdout().text()).isEqualTo("once\n");
        assertThat(result.engine().mode()).isEqualTo("F1");
        assertThat(result.engine().reason())
                .contains("F4 could not start (it ended with code 1 before anything of the guest ran)")
                .endsWith(engine.choice().reason());
    }

    @Test
    void aCommandThatRanIsNotRunAgainWhateverItsExitCode() {
        engines = List.of(engine, broken());
        pipeline = pipeline(SMALL);
        JobResult result = run("echo once; exit 125");
        assertThat(result.stdout().text()).isEqualTo("once\n");
        assertThat(result.exitCode()).isEqualTo(125);
    }

    @Test
    void whenNoEngineCanStartTheLastSaysWhy() {
        engines = List.of(broken());
        pipeline = pipeline(SMALL);
        assertThatThrownBy(() -> run("true"))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("before anything of the guest ran");
    }

    private static Engine broken() {
        return new InProcessEngine(
                new EngineProgram(Path.of("/bin/false"), "broken"), new EngineChoice(Mode.F4, "the first"));
    }

    @Test
    void runsTheImagesOwnCommand() {
        JobResult result = run(JobRequest.empty());
        assertThat(result.exitCode()).isZero();
        assertThat(result.stdout().text()).isEqualTo("from the image\n");
        assertThat(result.signal()).isEmpty();
        assertThat(result.engine().mode()).isEqualTo("F1");
        assertThat(result.timingsMs().keySet())
                .containsExactly("image", "unpack", "engine", "prepare", "run", "answer", "total");
    }

    @Test
    void exitCodesSignalsAndMissingCommandsAreAnswers() {
        assertThat(run("exit 7").exitCode()).isEqualTo(7);
        JobResult killed = run("kill -TERM $$");
        assertThat(killed.exitCode()).isEqualTo(143);
        assertThat(killed.signal()).isEqualTo(OptionalInt.of(15));
        JobResult missing = run(command("no-such-program"));
        assertThat(missing.exitCode()).isEqualTo(127);
        assertThat(missing.stderr().text()).contains("no-such-program");
    }

    @Test
    void theShorterOfTimeoutAndRemainingTimeCounts() {
        JobRequest request = new JobRequest(
                Optional.empty(),
                List.of("sleep", "50"),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Duration.ofMillis(200)));
        JobResult result = run(request);
        assertThat(result.timedOut()).isTrue();
        assertThat(result.exitCode()).isEqualTo(137);
        assertThat(result.signal()).isEqualTo(OptionalInt.of(9));
        JobResult byCaller =
                pipeline.run(command("sleep", "50"), new JobCall("r", () -> Duration.ofMillis(700), false));
        assertThat(byCaller.timedOut()).isTrue();
    }

    @Test
    void noTimeLeftIsSaidInsteadOfStarting() {
        JobException failure = catchThrowableOfType(
                JobException.class,
                () -> pipeline.run(command("true"), new JobCall("r", () -> Duration.ofMillis(500), false)));
        assertThat(failure.kind()).isEqualTo(JobException.Kind.NO_TIME);
    }

    @Test
    void standardInputReachesTheCommand() {
        JobRequest request = new JobRequest(
                Optional.of("tools"),
                List.of("cat"),
                Map.of(),
                Optional.of("häuser\n"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        assertThat(run(request).stdout().text()).isEqualTo("häuser\n");
    }

    @Test
    void secretsOfTheFunctionDoNotReachTheCommand() {
        assertThat(run(command("env")).stdout().text().lines().map(line -> line.split("=", 2)[0]))
                .containsExactlyInAnyOrder("PATH", "HOME", "CORACLE_ENGINE");
    }

    @Test
    void outputBeyondTheAnswerIsCutFlaggedAndKeptWhole() throws Exception {
        JobResult result = run("seq 1 100000; seq 1 100000 >&2");
        byte[] json = JobResultWriter.json(result);
        assertThat(json).hasSizeBetween(SMALL - 1500, SMALL);
        assertThat(result.stdout().truncated()).isTrue();
        assertThat(result.stdout().bytes()).isEqualTo(588_895);
        Path file = Path.of(result.stdout().file().orElseThrow());
        assertThat(file).isEqualTo(directory.resolve("work/output/request-1/stdout"));
        assertThat(Files.readAllLines(file)).hasSize(100_000).endsWith("100000");
        assertThat(Path.of(result.stderr().file().orElseThrow())).hasSize(588_895);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "head -c 4000 /dev/zero",
                "for i in $(seq 1500); do printf '\\360\\237\\230\\200\\001\"\\\\'; done"
            })
    void escapesAndWideCharactersAreCountedAsTheyAreWritten(String script) throws Exception {
        byte[] json = JobResultWriter.json(run(script));
        JsonNode read = new ObjectMapper().readTree(json);
        assertThat(json).hasSizeBetween(SMALL - 1500, SMALL);
        assertThat(read.get("stdoutTruncated").asBoolean()).isTrue();
        String whole = Files.readString(Path.of(read.get("stdoutFile").asText()), StandardCharsets.UTF_8);
        assertThat(whole).startsWith(read.get("stdout").asText()).hasSizeGreaterThanOrEqualTo(4000);
    }

    @Test
    void aSmallOutputLeavesItsShareToTheOther() {
        assertThat(run("seq 1 1000; echo short >&2").stdout().truncated()).isFalse();
        assertThat(MakeAnswer.share(100, 80, 10)).isEqualTo(80);
        assertThat(MakeAnswer.share(100, 95, 10)).isEqualTo(90);
        assertThat(MakeAnswer.share(100, 95, 95)).isEqualTo(50);
        assertThat(MakeAnswer.share(0, 5, 5)).isZero();
    }

    @Test
    void bytesThatAreNotTextAreReplacedAndTheOriginalKept() throws Exception {
        JobResult result = run("printf 'a\\377b\\000c'");
        assertThat(result.stdout().text()).isEqualTo("a\uFFFDb\0c");
        assertThat(result.stdout().replaced()).isTrue();
        assertThat(result.stdout().truncated()).isFalse();
        assertThat(Path.of(result.stdout().file().orElseThrow())).hasBinaryContent(new byte[] {'a', -1, 'b', 0, 'c'});
        assertThat(new ObjectMapper()
                        .readTree(JobResultWriter.json(result))
                        .get("stdout")
                        .asText())
                .isEqualTo("a\uFFFDb\0c");
    }

    @Test
    void whatAJobKeptIsRemovedWhenTheNextBegins() {
        Path kept = Path.of(run("seq 1 100000").stdout().file().orElseThrow());
        assertThat(kept).exists();
        pipeline.run(command("true"), new JobCall("request-2", () -> Duration.ofSeconds(50), false));
        assertThat(directory.resolve("work/output")).isEmptyDirectory();
    }

    @Test
    void anUnknownImageFailsTheJob() {
        JobRequest request = new JobRequest(
                Optional.of("tool"),
                List.of("x"),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        assertThat(catchThrowableOfType(JobException.class, () -> run(request)).kind())
                .isEqualTo(JobException.Kind.UNKNOWN_IMAGE);
    }

    @Test
    void anImageForAnotherProcessorFailsTheJob() throws Exception {
        String other = "x86_64".equals(ImageFixture.HOST) ? "aarch64" : "x86_64";
        ImageFixture.install(directory.resolve("images"), "tools", other, ImageConfig.empty());
        assertThat(catchThrowableOfType(JobException.class, () -> run(JobRequest.empty()))
                        .advice())
                .contains("--arch=" + ImageFixture.HOST);
    }

    @Test
    void cleanUpRunsInReverseOrderWhateverHappens() {
        List<String> told = new ArrayList<>();
        JobPipeline failing = new JobPipeline(List.of(
                new Telling("one", told),
                new Telling("two", told),
                new Telling("fail", told),
                new Telling("never", told)));
        assertThatThrownBy(() -> failing.run(JobRequest.empty(), call())).isInstanceOf(IllegalStateException.class);
        assertThat(told).containsExactly("one", "two", "fail", "undo fail", "undo two", "undo one");
    }

    private record Telling(String name, List<String> told) implements Step {
        @Override
        public void run(Job job) {
            told.add(name);
            if ("fail".equals(name)) {
                throw new IllegalStateException(name);
            }
        }

        @Override
        public void cleanUp(Job job) {
            told.add("undo " + name);
        }
    }

    private JobPipeline pipeline(int maxBytes) {
        RuntimeConfig config = new RuntimeConfig(
                directory.resolve("images"),
                Path.of("/none"),
                directory.resolve("work"),
                Duration.ofMillis(500),
                maxBytes,
                RuntimeConfig.Choosing.own());
        return JobPipeline.of(config, System.getProperty("os.arch"), TreeArchive::unpack, (root, index) -> engines);
    }

    private JobResult run(String script) {
        return run(command("sh", "-c", script));
    }

    private JobResult run(JobRequest request) {
        return pipeline.run(request, call());
    }

    private static JobCall call() {
        return new JobCall("request-1", () -> Duration.ofSeconds(50), true);
    }

    private static JobRequest command(String... command) {
        return new JobRequest(
                Optional.empty(),
                List.of(command),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
