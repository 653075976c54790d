package dev.coracle.cli.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.coracle.cli.lambda.functions.Behaviour;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a function may and may not do in the runc sandbox. */
class RuncSandboxTest {
    private static final Path COMPILER = Path.of("/usr/bin/gcc");

    private final Path folder;
    private final LambdaSettings settings;

    RuncSandboxTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.settings = LambdaSettings.of(FunctionZip.ofTestFunctions(folder))
                .withHandler(Behaviour.class.getName())
                .withSandbox(SandboxKind.RUNC)
                .withTmpMegabytes(16);
    }

    @BeforeEach
    void needRunc() {
        assumeTrue(RuncSandbox.hindrance().isEmpty(), RuncSandbox::hindrance);
    }

    @Test
    void refusesWhatLambdaRefuses() throws IOException, InterruptedException {
        String log = run(settings.withLayers(List.of(probeLayer())), "/opt/bin/probe");

        Set<String> allowed = Set.of("prctl-get-name", "clone", "mknod-fifo", "mknod-file");
        List<String> calls = log.lines()
                .skip(1)
                .takeWhile(line -> !line.startsWith("nofile"))
                .toList();
        assertThat(calls).hasSize(45).contains("clone3 ENOSYS", "int-0x80 SIGSYS");
        assertThat(calls.stream().filter(line -> !line.startsWith("clone3") && !line.startsWith("int-0x80")))
                .allSatisfy(line -> assertThat(line).endsWith(allowed.contains(name(line)) ? " OK" : " EPERM"));
    }

    @Test
    void limitsFilesProcessesDevicesAndWritablePlaces() throws IOException, InterruptedException {
        String log = run(settings.withLayers(List.of(probeLayer())), "/opt/bin/probe");

        assertThat(log)
                .contains("nofile 1024 1024\nraise EPERM\n")
                .contains("nproc 1024 1024\nraise EPERM\n")
                .contains("\n/dev full null random urandom zero\n")
                .contains("\nuser 993 990 groups 0\n")
                .contains("\ntmp-bytes 16777216\n")
                .contains("\ntmp-full ENOSPC after-most 1\n");
        assertThat(log.lines().filter(line -> line.startsWith("write ") && line.endsWith(" yes")))
                .containsExactly("write /tmp yes");
        assertThat(log.lines().filter(line -> line.startsWith("write "))).hasSize(14);
    }

    @Test
    void runsAsTheLambdaUserWithoutRightsAndWithoutAHome() {
        String log = run(
                settings,
                "getent passwd $(id -u); ls -d /home/* 2>&1; echo home=$HOME; grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status");

        assertThat(log)
                .contains("sbx_user1051:x:993:990::/home/sbx_user1051:")
                .contains("No such file")
                .contains("home=\n")
                .contains("NoNewPrivs:\t0\nSeccomp:\t2\n");
        assertThat(log.lines().filter(line -> line.startsWith("Cap")))
                .hasSize(5)
                .allSatisfy(line -> assertThat(line).endsWith("\t0000000000000000"));
    }

    @Test
    void runsProgramsFromTmpAndReadsCodeAtLambdasPlaces() {
        String log = run(
                settings,
                "cp /bin/echo /tmp/e && /tmp/e from-tmp; ls /var/task /var/runtime; cat -v /proc/1/cmdline; ls /dev/fd /sys 2>&1");

        assertThat(log)
                .contains("from-tmp\n")
                .contains("/var/task:\ndev\n")
                .contains("/var/lang/bin/java")
                .contains("cannot access '/dev/fd'")
                .contains("cannot access '/sys'");
    }

    @Test
    void givesVariablesToTheFunctionAloneAndAsTheyAre() {
        String log = run(
                settings.withVariable("ODD", "it's \"$(id)\" \\\n*"),
                "printenv ODD; cat /proc/1/environ; cat /proc/1/fd/0; echo end");

        assertThat(log).contains("it's \"$(id)\" \\\n*\n").contains("end\n").doesNotContain("AWS_");
    }

    @Test
    void hasOnlyLambdasVariables() {
        String log = run(settings.withVariable("MINE", "1"), "env");

        assertThat(log.lines().skip(1).map(line -> line.replaceFirst("=.*", "")).collect(Collectors.toSet()))
                .contains("AWS_ACCESS_KEY_ID", "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "_HANDLER", "MINE")
                .doesNotContain("HOME", "USER", "JAVA_HOME");
        assertThat(log)
                .contains("AWS_SECRET_ACCESS_KEY=" + LambdaVariables.SECRET_KEY + "\n")
                .contains(
                        "LD_LIBRARY_PATH=/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib\n");
    }

    @Test
    void freezesEveryProcessBetweenInvocations() {
        try (LocalLambda lambda = LocalLambda.start(settings)) {
            lambda.invoke("\"linger\"".getBytes(StandardCharsets.UTF_8));
            Set<Integer> processes = lambda.processes();

            assertThat(processes).hasSizeGreaterThanOrEqualTo(3);
            assertThat(processes)
                    .allSatisfy(pid -> assertThat(ProcessTable.state(pid)).isEqualTo('T'));
            assertThat(lambda.invoke("\"awake\"".getBytes(StandardCharsets.UTF_8))
                            .outcome())
                    .isEqualTo(new Outcome.Answered("\"awake 2\""));
        }
    }

    @Test
    void doesNotWakeWhatHadStoppedItself() {
        String stopped = "grep -ls 'State:.T' /proc/[0-9]*/status";
        String event = "run sh -c 'kill -STOP $$' > /dev/null & until " + stopped + "; do :; done";
        try (LocalLambda lambda = LocalLambda.start(settings)) {
            String pid = lambda.invoke(('"' + event + '"').getBytes(StandardCharsets.UTF_8))
                    .log()
                    .lines()
                    .skip(1)
                    .collect(Collectors.joining());
            Invocation next = lambda.invoke(("\"run " + stopped + '"').getBytes(StandardCharsets.UTF_8));

            assertThat(next.log().lines().skip(1)).containsExactly(pid);
        }
    }

    @Test
    void leavesNothingBehind() {
        Path scratch;
        Set<Integer> processes;
        try (LocalLambda lambda = LocalLambda.start(settings)) {
            lambda.invoke("\"linger\"".getBytes(StandardCharsets.UTF_8));
            scratch = lambda.folder();
            processes = lambda.processes();
            assertThat(scratch).isDirectory();
        }
        assertThat(scratch).doesNotExist();
        assertThat(processes)
                .isNotEmpty()
                .allSatisfy(pid -> assertThat(ProcessTable.state(pid)).isEqualTo('X'));
    }

    private static String run(LambdaSettings settings, String command) {
        try (LocalLambda lambda = LocalLambda.start(settings)) {
            return lambda.invoke(("\"run " + command + '"').getBytes(StandardCharsets.UTF_8))
                    .log();
        }
    }

    private Path probeLayer() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(COMPILER), "gcc is not installed");
        Path source = folder.resolve("probe.c");
        try (InputStream text = Objects.requireNonNull(getClass().getResourceAsStream("probe.c"))) {
            Files.copy(text, source);
        }
        Path program = folder.resolve("probe");
        int status = new ProcessBuilder(COMPILER.toString(), "-static", "-o", program.toString(), source.toString())
                .inheritIO()
                .start()
                .waitFor();
        assertThat(status).isZero();
        return FunctionZip.layerOf(folder.resolve("layer.zip"), List.of(program));
    }

    private static String name(String line) {
        return line.substring(0, line.indexOf(' '));
    }
}
