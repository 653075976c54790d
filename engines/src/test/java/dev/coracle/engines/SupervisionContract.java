package dev.coracle.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every engine's runs must be like, whatever the guest does. */
@Timeout(60)
abstract class SupervisionContract {
    static final Duration LONG = Duration.ofSeconds(50);
    private static final Duration SHORT = Duration.ofMillis(400);
    /** For guests that have to come to something before their time is up, also on a busy machine. */
    private static final Duration ENOUGH = Duration.ofSeconds(3);

    private static final int LIMIT = 1 << 20;

    @TempDir
    Path directory;

    private final RunId id = RunId.random();

    /** The engine under test. */
    abstract Engine engine();

    /** Where commands run: a tree in which the host's programs and {@code directory} are at their places. */
    Launch launch(Path directory, List<String> command) {
        return new Launch(
                Path.of("/"), List.of(), directory.toString(), Map.of("GREETING", "hello"), Optional.empty(), command);
    }

    /** Whether all processes of a run die at one blow, so that nobody can count them. */
    boolean endsAsOne() {
        return false;
    }

    /** Names of variables that the guest sees beyond those it was given. */
    abstract List<String> extraVariables();

    @Test
    void givesOutputsAndExitCode() {
        RunReport report = run("", LONG, "sh", "-c", "echo out; echo err >&2; exit 3");
        assertThat(report.exit()).isEqualTo(new Exit.Code(3));
        assertThat(report.stdout().text()).isEqualTo(new Captured.Text("out\n", false));
        assertThat(report.stderr().text().text()).isEqualTo("err\n");
        assertThat(report.leftOver()).isZero();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void tellsASignalFromAnExitCode() {
        assertThat(run("", LONG, "sh", "-c", "kill -SEGV $$").exit()).isEqualTo(new Exit.Signal(11));
        assertThat(run("", LONG, "sh", "-c", "exit 139").exit()).isEqualTo(new Exit.Code(139));
    }

    @Test
    void saysThatTheCommandWasNotFound() {
        RunReport report = run("", LONG, "no-such-program");
        assertThat(report.exit())
                .isInstanceOfSatisfying(
                        Exit.NotStarted.class,
                        failure -> assertThat(failure.code()).isEqualTo(127));
        assertThat(report.stderr().text().text()).contains("no-such-program");
    }

    @Test
    void feedsStandardInputToItsEnd() {
        String input = "zeile ü\n".repeat(200_000);
        RunReport report = run(input, LONG, "wc", "-c");
        assertThat(report.stdout().text().text().strip())
                .isEqualTo(String.valueOf(input.getBytes(StandardCharsets.UTF_8).length));
    }

    @Test
    void aGuestNeedNotReadItsInput() {
        assertThat(run("x".repeat(5_000_000), LONG, "true").exit()).isEqualTo(new Exit.Code(0));
    }

    @Test
    void wordsArriveAsTheyAreEvenWhereJavaCouldNotPassThem() {
        String[] command = {"printf", "%s|", "häu😀", "it's", "a\nb", "$HOME `x` \\", "*", ""};
        RunReport direct = run("", LONG, command);
        RunReport byScript = new ContainerRun(
                        engine(), RunLimits.capturing(LIMIT), new HostCharset(StandardCharsets.US_ASCII))
                .run(order("", LONG, command));
        assertThat(byScript.stdout().text().text()).isEqualTo("häu😀|it's|a\nb|$HOME `x` \\|*||");
        assertThat(direct.stdout().text()).isEqualTo(byScript.stdout().text());
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void theGuestSeesOnlyTheEnvironmentItIsGiven() {
        String env = run("", LONG, "env").stdout().text().text();
        List<String> expected = new ArrayList<>(extraVariables());
        expected.add("GREETING");
        assertThat(env.lines().map(line -> line.split("=", 2)[0])).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void hundredMegabytesOnBothOutputsAtOnceArriveWhole() throws Exception {
        RunReport report = run(
                "",
                LONG,
                "sh",
                "-c",
                "(head -c 100000000 /dev/zero | tr '\\0' a >&2) & head -c 100000000 /dev/zero | tr '\\0' b; wait");
        assertThat(report.exit()).isEqualTo(new Exit.Code(0));
        assertThat(report.stdout().total()).isEqualTo(100_000_000);
        assertThat(report.stderr().total()).isEqualTo(100_000_000);
        assertThat(report.stdout().truncated()).isTrue();
        assertThat(report.stdout().text().text()).hasSize(LIMIT).matches("b+");
        Path whole = report.stdout().keep().file();
        assertThat(Files.size(whole)).isEqualTo(100_000_000);
        assertThat(Files.mismatch(whole, report.stderr().keep().file())).isZero();
    }

    @Test
    void whatDoesNotFitMemoryIsWholeInTheFileInOrder() throws Exception {
        RunReport report = run("", LONG, "seq", "1", "300000");
        List<String> lines = Files.readAllLines(report.stdout().keep().file());
        assertThat(lines).hasSize(300_000);
        assertThat(lines.get(0)).isEqualTo("1");
        assertThat(lines.get(299_999)).isEqualTo("300000");
    }

    @Test
    void aFullDiskDoesNotStopTheGuest() {
        RunReport report = run("", LONG, "sh", "-c", "mkdir stdout; seq 1 300000; exit 5");
        assertThat(report.exit()).isEqualTo(new Exit.Code(5));
        assertThat(report.stdout().total()).isEqualTo(1_988_895);
        assertThat(report.stdout().keep().lost()).isPresent();
    }

    @Test
    void killsTheCommandWhenTheTimeIsUp() {
        RunReport report = run("", ENOUGH, "sh", "-c", "echo before; sleep 300");
        assertThat(report.exit()).isEqualTo(new Exit.TimedOut());
        assertThat(report.stdout().text().text()).isEqualTo("before\n");
        assertThat(report.took()).isBetween(ENOUGH, LONG);
        assertThat(alive()).isEmpty();
    }

    @Test
    void killsProcessesThatChangedSessionAndParentWhenTheTimeIsUp() {
        RunReport report = run(
                "",
                ENOUGH,
                "sh",
                "-c",
                "(setsid sleep 301 &) ; (setsid setsid sleep 302 &); trap '' TERM HUP; sleep 303");
        assertThat(report.exit()).isEqualTo(new Exit.TimedOut());
        assertThat(report.leftOver()).isGreaterThanOrEqualTo(endsAsOne() ? 0 : 4);
        assertThat(report.survivors()).isZero();
        assertThat(alive()).isEmpty();
    }

    @Test
    void killsWhatIsLeftAfterANormalEndEvenWhenItHoldsTheOutputs() {
        RunReport report = run("", LONG, "sh", "-c", "setsid sh -c 'setsid sleep 304 & sleep 305' & echo done");
        assertThat(report.exit()).isEqualTo(new Exit.Code(0));
        assertThat(report.stdout().text().text()).isEqualTo("done\n");
        assertThat(report.leftOver()).isGreaterThanOrEqualTo(endsAsOne() ? 0 : 1);
        assertThat(alive()).isEmpty();
    }

    @Test
    void killsAGuestThatFloodsItsOutput() {
        RunReport report = run("", SHORT, "yes");
        assertThat(report.exit()).isEqualTo(new Exit.TimedOut());
        assertThat(report.stdout().total()).isPositive();
        assertThat(alive()).isEmpty();
    }

    @Test
    void killsAGuestThatForksAllTheTime() {
        RunReport report = run("", SHORT, "sh", "-c", "while :; do (sleep 306 &) ; done");
        assertThat(report.exit()).isEqualTo(new Exit.TimedOut());
        assertThat(report.survivors()).isZero();
        assertThat(alive()).isEmpty();
    }

    /** Each process lives for a moment only and is in another session each time. */
    @Test
    void killsAGuestThatNeverStaysTheSameProcess() throws Exception {
        Path hop = Files.writeString(directory.resolve("hop"), "setsid sh $0 &\nexit\n");
        RunReport report = run("", ENOUGH, "sh", "-c", "sh " + hop + "; sleep 310");
        assertThat(report.exit()).isEqualTo(new Exit.TimedOut());
        assertThat(report.survivors()).isZero();
        assertThat(alive()).isEmpty();
    }

    @Test
    void killsAStoppedGuest() {
        assertThat(run("", SHORT, "sh", "-c", "kill -STOP $$").exit()).isEqualTo(new Exit.TimedOut());
        assertThat(alive()).isEmpty();
    }

    /** A guest, or a runtime, that was not ready to be asked is given more time, so that a slow machine changes nothing. */
    @Test
    void aGuestIsAskedToEndBeforeItIsKilled() {
        RunLimits limits = RunLimits.capturing(LIMIT).withGrace(Duration.ofSeconds(5));
        String guest = "trap 'echo asked; exit 9' TERM; echo ready; while :; do sleep 0.1; done";
        String said = "";
        for (Duration time = SHORT; !said.contains("asked") && time.compareTo(LONG) < 0; time = time.multipliedBy(2)) {
            RunReport report = new ContainerRun(engine(), limits).run(order("", time, "sh", "-c", guest));
            assertThat(report.exit()).isEqualTo(new Exit.TimedOut());
            said = report.stdout().text().text();
        }
        assertThat(said).isEqualTo("ready\nasked\n");
        assertThat(alive()).isEmpty();
    }

    @Test
    void leavesTheProcessesOfOtherRunsAlone() throws Exception {
        Process other = new ProcessBuilder("env", "CORACLE_ENGINE=" + id.value() + "0:x", "sleep", "20").start();
        try {
            run("", LONG, "sh", "-c", "sleep 307 &");
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void anInterruptedCallerGetsItsFlagBackAndNothingIsLeft() throws Exception {
        AtomicReference<Object> seen = new AtomicReference<>("nothing");
        Thread caller = new Thread(() -> {
            try {
                run("", LONG, "sleep", "308");
            } catch (EngineException e) {
                seen.set(e.kind() + " " + Thread.currentThread().isInterrupted());
            }
        });
        caller.start();
        await(() -> !alive().isEmpty());
        caller.interrupt();
        caller.join();
        assertThat(seen.get()).isEqualTo("INTERRUPTED true");
        assertThat(alive()).isEmpty();
    }

    @Test
    void anEngineThatDiesWithoutAWordIsAFailureOfTheEngine() {
        assertThatThrownBy(this::runUntilTheEngineIsKilled)
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("did not say how the command ended")
                .extracting(e -> ((EngineException) e).kind())
                .isEqualTo(EngineException.Kind.DIED);
        assertThat(alive()).isEmpty();
    }

    @Test
    void anEngineThatCannotBeStartedIsAFailureOfTheEngine() {
        Engine absent = new InProcessEngine(new EngineProgram(Path.of("/no/engine"), "nowhere"), engine().choice());
        assertThatThrownBy(() -> new ContainerRun(absent, RunLimits.capturing(LIMIT)).run(order("", LONG, "true")))
                .isInstanceOf(EngineException.class)
                .extracting(e -> ((EngineException) e).kind())
                .isEqualTo(EngineException.Kind.NOT_STARTED);
    }

    /** The guest's parent is the engine. */
    void runUntilTheEngineIsKilled() {
        run("", LONG, "sh", "-c", "kill -KILL $PPID; sleep 309");
    }

    RunReport run(String stdin, Duration deadline, String... command) {
        return new ContainerRun(engine(), RunLimits.capturing(LIMIT)).run(order(stdin, deadline, command));
    }

    RunReport run(Launch launch) {
        var nothing = new ByteArrayInputStream(new byte[0]);
        return new ContainerRun(engine(), RunLimits.capturing(LIMIT))
                .run(new RunOrder(id, launch, nothing, LONG, directory));
    }

    private RunOrder order(String stdin, Duration deadline, String... command) {
        byte[] bytes = stdin.getBytes(StandardCharsets.UTF_8);
        return new RunOrder(
                id, launch(directory, List.of(command)), new ByteArrayInputStream(bytes), deadline, directory);
    }

    /** Processes of this test's run, seen with other eyes than those that killed them. */
    List<String> alive() {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(process -> process.getFileName().toString().matches("\\d+"))
                    .filter(process -> isOfThisRun(environment(process)))
                    .map(Path::toString)
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private boolean isOfThisRun(String environment) {
        return environment.contains("CORACLE_ENGINE=" + id.value() + ":")
                || environment.contains("CORACLE_RUN=" + id.value());
    }

    private static List<String> environmentEntries(String environ) {
        return Arrays.asList(environ.split("\0"));
    }

    private static String environment(Path process) {
        try {
            return String.join(
                    "\n",
                    environmentEntries(Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1)));
        } catch (IOException e) {
            return "";
        }
    }

    static void await(java.util.function.BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }
}
