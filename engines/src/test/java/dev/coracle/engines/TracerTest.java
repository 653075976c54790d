package dev.coracle.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.HostTools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tracer of P1 and P2 as a process: what its end means, and that it keeps nothing of those that are gone. */
@Timeout(300)
class TracerTest {
    /** Says how many processes have come and gone, each time that it is asked by a line. */
    private static final String FORKS = """
            use POSIX; $| = 1; my $all = 0;
            while (my $count = <STDIN>) {
                for (1 .. $count) { my $pid = fork; POSIX::_exit(0) if !$pid; waitpid $pid, 0; $all++ }
                print "$all\\n";
            }
            """;

    /** A filter that answers EPERM to ptrace(2), and lets all else through; then the command. */
    private static final String WITHOUT_PTRACE = """
            my $code = join '', map { pack 'SCCL', @$_ }
                [0x20, 0, 0, 0], [0x15, 0, 1, 101], [0x06, 0, 0, 0x50001], [0x06, 0, 0, 0x7fff0000];
            my $program = pack 'SxxxxxxP', 4, $code;
            syscall(157, 38, 1, 0, 0, 0) == 0 or die "no_new_privs: $!";
            syscall(157, 22, 2, $program, 0, 0) == 0 or die "filter: $!";
            exec @ARGV;
            """;

    @BeforeEach
    void findTheEngine() {
        assumeThat(EngineUnderTest.program()).isExecutable();
        assumeThat(HostTools.find("perl")).isPresent();
    }

    @ParameterizedTest
    @EnumSource(names = {"P1", "P2"})
    void aKilledTracerTakesAllProcessesAlong(Mode mode) throws Exception {
        Process run = watched(mode, "sh", "-c", "setsid sleep 12345 & echo $$; wait");
        tracer(Long.parseLong(line(run))).destroyForcibly();
        assertThat(run.getInputStream().readAllBytes()).isEmpty();
        assertThat(run.getErrorStream().readAllBytes())
                .asString(StandardCharsets.UTF_8)
                .endsWith("ended 137\n");
    }

    @ParameterizedTest
    @EnumSource(names = {"P1", "P2"})
    void whoIsLeftByACommandGoesOn(Mode mode) throws Exception {
        Process run = watched(mode, "sh", "-c", "exec 3<&0; setsid sh -c 'read word; echo $word' <&3 & exit 6");
        assertThat(run.getErrorStream().readNBytes(8)).asString().isEqualTo("ended 6\n");
        run.getOutputStream().write("alive\n".getBytes(StandardCharsets.UTF_8));
        run.getOutputStream().close();
        assertThat(run.getInputStream().readAllBytes()).asString().isEqualTo("alive\n");
    }

    @ParameterizedTest
    @EnumSource(names = {"P1", "P2"})
    void signalsReachTheCommand(Mode mode) throws Exception {
        Process run = start(mode, "perl", "-e", "$| = 1; $SIG{TERM} = sub { exit 9 }; print \"ready\\n\"; sleep 12345");
        assertThat(line(run)).isEqualTo("ready");
        run.destroy();
        assertThat(run.waitFor()).isEqualTo(9);
    }

    @ParameterizedTest
    @EnumSource(names = {"P1", "P2"})
    void aHostWithoutPtraceIsNamed(Mode mode) throws Exception {
        List<String> line = new ArrayList<>(List.of("perl", "-e", WITHOUT_PTRACE));
        line.addAll(commandLine(mode, "echo", "ran"));
        Process run = new ProcessBuilder(line).start();
        assertThat(run.getInputStream().readAllBytes()).isEmpty();
        assertThat(run.getErrorStream().readAllBytes())
                .asString(StandardCharsets.UTF_8)
                .contains("does not allow ptrace", "mode " + mode, "not permitted", "--mode=F1");
        assertThat(run.waitFor()).isEqualTo(125);
    }

    @ParameterizedTest
    @EnumSource(names = {"P1", "P2"})
    void nothingIsKeptOfThoseThatAreGone(Mode mode) throws Exception {
        keepsNothing(mode, 200, 2_000);
    }

    @Tag("slow")
    @Test
    void norOfAHundredThousand() throws Exception {
        keepsNothing(Mode.P1, 1_000, 99_000);
    }

    private static void keepsNothing(Mode mode, int first, int more) throws Exception {
        Process run = start(mode, "perl", "-e", FORKS);
        assertThat(ask(run, first)).isEqualTo(String.valueOf(first));
        List<String> before = holdings(tracer(run.pid()));
        assertThat(ask(run, more)).isEqualTo(String.valueOf(first + more));
        assertThat(holdings(tracer(run.pid()))).isEqualTo(before);
        run.getOutputStream().close();
        assertThat(run.waitFor()).isZero();
    }

    private static String ask(Process run, int count) throws IOException {
        run.getOutputStream().write((count + "\n").getBytes(StandardCharsets.UTF_8));
        run.getOutputStream().flush();
        return line(run);
    }

    /** How much memory a process has asked for, and its descriptors. */
    private static List<String> holdings(ProcessHandle process) throws IOException {
        Path directory = Path.of("/proc", String.valueOf(process.pid()));
        List<String> holdings = new ArrayList<>(Files.readAllLines(directory.resolve("status")).stream()
                .filter(field -> field.matches("(VmSize|VmData|VmStk|FDSize):.*"))
                .toList());
        try (var descriptors = Files.list(directory.resolve("fd"))) {
            descriptors
                    .map(descriptor -> "descriptor " + descriptor.getFileName())
                    .sorted()
                    .forEach(holdings::add);
        }
        return holdings;
    }

    /** The tracer of a process, of which the kernel tells. */
    private static ProcessHandle tracer(long process) throws IOException {
        String field = "TracerPid:";
        long tracer = Files.readAllLines(Path.of("/proc", String.valueOf(process), "status")).stream()
                .filter(line -> line.startsWith(field))
                .mapToLong(line -> Long.parseLong(line.substring(field.length()).strip()))
                .findFirst()
                .orElseThrow();
        return ProcessHandle.of(tracer).orElseThrow();
    }

    private static String line(Process run) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = run.getInputStream().read();
                next >= 0 && next != '\n';
                next = run.getInputStream().read()) {
            line.append((char) next);
        }
        return line.toString();
    }

    /** Its standard output ends when nobody has it open any more, and its exit code is told on standard error. */
    private static Process watched(Mode mode, String... command) throws IOException {
        List<String> line = new ArrayList<>(List.of("bash", "-c", "{ \"$@\"; echo ended $? >&2; } | cat", "bash"));
        line.addAll(commandLine(mode, command));
        return new ProcessBuilder(line).start();
    }

    /** The process that this starts becomes the guest's first. */
    private static Process start(Mode mode, String... command) throws IOException {
        return new ProcessBuilder(commandLine(mode, command)).start();
    }

    private static List<String> commandLine(Mode mode, String... command) {
        List<String> line = new ArrayList<>(
                List.of(EngineUnderTest.program().toString(), "run", "--mode=" + mode, "--root=/", "--"));
        line.addAll(List.of(command));
        return line;
    }
}
