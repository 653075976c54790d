package dev.coracle.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.GuestTrees;
import dev.coracle.engines.guests.HostTools;
import dev.coracle.engines.guests.LambdaSandbox;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code --timeout} and {@code --kill-on-exit} of the native program. Whoever is left of a run still has its standard output open, so
 * a test that waits for the end of that has seen everybody die.
 */
@Timeout(60)
class EndOfRunTest {
    /** Twenty processes that have left their parent, session and group; half of them have become another program. */
    private static final String DAEMONS = """
            use POSIX; $SIG{HUP} = 'IGNORE';
            for my $n (1 .. 20) {
                pipe my $ready, my $tell;
                if (!fork) {
                    POSIX::setsid();
                    if (!fork) {
                        $SIG{TERM} = 'IGNORE';
                        $0 = 'x' x 5000;
                        close $tell;
                        exec 'sleep', '12345' if $n % 2;
                        sleep 12345;
                    }
                    POSIX::_exit(0);
                }
                close $tell;
                <$ready>;
                wait;
            }
            exit 3;
            """;

    /** The engine's exit code, told when nobody has its standard output open any more. */
    private static final String UNTIL_ALL_ARE_GONE = "\"$@\" | cat; exit ${PIPESTATUS[0]}";

    @TempDir
    Path directory;

    private record Ended(int code, String stdout, String stderr) {}

    @BeforeEach
    void findTheEngine() {
        assumeThat(EngineUnderTest.program()).isExecutable();
        assumeThat(HostTools.find("perl")).isPresent();
    }

    @Test
    void nobodySurvivesACommandThatKillsOnExit() throws Exception {
        Ended ended = run(List.of("--kill-on-exit"), "perl", "-e", DAEMONS);
        assertThat(ended).isEqualTo(new Ended(3, "", ""));
    }

    @Test
    void whoNeverStopsForkingIsCaughtToo() throws Exception {
        String script = "use POSIX; if (!fork) { POSIX::setsid(); while (1) { fork and POSIX::_exit(0) } } exit 4";
        assertThat(run(List.of("--kill-on-exit"), "perl", "-e", script)).isEqualTo(new Ended(4, "", ""));
    }

    @Test
    void otherRunsAreLeftAlone() throws Exception {
        Process other =
                start(UNTIL_ALL_ARE_GONE, List.of("--kill-on-exit"), "sh", "-c", "echo here; read word; echo $word");
        try (InputStream output = other.getInputStream()) {
            assertThat(new String(output.readNBytes(5), StandardCharsets.UTF_8)).isEqualTo("here\n");
            assertThat(run(List.of("--kill-on-exit"), "perl", "-e", DAEMONS).code())
                    .isEqualTo(3);
            other.getOutputStream().write("alive\n".getBytes(StandardCharsets.UTF_8));
            other.getOutputStream().close();
            assertThat(new String(output.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("alive\n");
        }
        assertThat(other.waitFor()).isZero();
    }

    @Test
    void withoutItWhoIsLeftGoesOn() throws Exception {
        String script = "exec 3<&0; setsid sh -c 'read word; echo $word' <&3 & exit 6";
        Process process = start("{ \"$@\"; echo $? >&2; } | cat", List.of(), "sh", "-c", script);
        assertThat(process.getErrorStream().readNBytes(2)).asString().isEqualTo("6\n");
        process.getOutputStream().write("alive\n".getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        assertThat(process.getInputStream().readAllBytes()).asString().isEqualTo("alive\n");
    }

    @Test
    void aCommandWhoseTimeIsUpIsAskedFirst() throws Exception {
        String script = "$| = 1; $SIG{TERM} = sub { print \"asked\\n\"; exit 5 }; sleep 12345";
        Path status = directory.resolve("status");
        Ended ended = run(List.of("--timeout=1", "--status=" + status), "perl", "-e", script);
        assertThat(ended.code()).isEqualTo(124);
        assertThat(ended.stdout()).isEqualTo("asked\n");
        assertThat(ended.stderr()).isEqualTo("coracle-engine: the command was ended after 1 seconds (--timeout)\n");
        assertThat(status).content().isEqualToIgnoringNewLines("timeout");
    }

    @Test
    void oneThatDoesNotListenIsKilledWithAllThatItStarted() throws Exception {
        String script = "$SIG{TERM} = 'IGNORE'; " + DAEMONS.replace("exit 3;", "sleep 12345;");
        assertThat(run(List.of("--timeout=1"), "perl", "-e", script).code()).isEqualTo(124);
    }

    @Test
    void oneThatIsFasterKeepsItsExitCode() throws Exception {
        assertThat(run(List.of("--timeout=50"), "sh", "-c", "echo done; exit 7"))
                .isEqualTo(new Ended(7, "done\n", ""));
    }

    @Test
    void aTimeThatIsNoNumberIsRefused() throws Exception {
        for (String wrong : List.of("", "0", "1.5", "-1", "5s", "99999999999999999999")) {
            Ended ended = run(List.of("--timeout=" + wrong), "true");
            assertThat(ended.code()).as(wrong).isEqualTo(125);
            assertThat(ended.stderr()).contains("--timeout=SECONDS").endsWith(wrong + "\n");
        }
    }

    /** There neither a namespace nor PR_SET_CHILD_SUBREAPER helps, and the engine is an ordinary user. */
    @Test
    void nobodySurvivesInLambdasSandbox() throws Exception {
        assumeThat(HostTools.whyNoChroot()).isEmpty();
        Path place = Files.createDirectory(directory.resolve("place"));
        Path sandbox = directory.resolve("lambda.pl");
        try (InputStream text = GuestTrees.class.getResourceAsStream("lambda.pl")) {
            Files.copy(Objects.requireNonNull(text, "lambda.pl"), sandbox);
        }
        Path engine = Files.copy(EngineUnderTest.program(), place.resolve("coracle-engine"));
        Path daemons = Files.writeString(place.resolve("daemons"), DAEMONS);
        HostTools.require("chmod", "-R", "755", directory.toString());
        HostTools.require("chown", "-R", LambdaSandbox.USER, place.toString());
        String around = "mount -t proc proc /proc && \"$@\"; echo code $?;"
                + " for process in /proc/[0-9]*; do tr '\\0' ' ' <$process/cmdline; echo; done";
        List<String> line = new ArrayList<>(List.of("unshare", "--mount", "--pid", "--fork", "--kill-child", "--"));
        line.addAll(List.of("sh", "-c", around, "sh", "perl", sandbox.toString(), place.toString(), engine.toString()));
        line.addAll(List.of("run", "--root=/", "--kill-on-exit", "--", "perl", daemons.toString()));
        Ended ended = read(new ProcessBuilder(line).start());
        assertThat(ended.stderr()).isEmpty();
        assertThat(ended.stdout()).startsWith("code 3\n").doesNotContain("sleep 12345", "xxxx");
    }

    private static Process start(String around, List<String> options, String... command) throws Exception {
        List<String> line = new ArrayList<>(List.of("bash", "-c", around, "bash"));
        line.addAll(List.of(EngineUnderTest.program().toString(), "run", "--root=/"));
        line.addAll(options);
        line.add("--");
        line.addAll(List.of(command));
        return new ProcessBuilder(line).start();
    }

    private static Ended run(List<String> options, String... command) throws Exception {
        return read(start(UNTIL_ALL_ARE_GONE, options, command));
    }

    private static Ended read(Process process) throws Exception {
        process.getOutputStream().close();
        var stderr = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
        String stdout = text(process.getInputStream());
        return new Ended(process.waitFor(), stdout, stderr.join());
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
