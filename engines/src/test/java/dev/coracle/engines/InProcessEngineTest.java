package dev.coracle.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InProcessEngineTest {
    private static final Engine ENGINE = new InProcessEngine(
            new EngineProgram(Path.of("/opt/coracle/bin/coracle-engine"), "installed"),
            new EngineChoice(Mode.F1, "because"));

    @Test
    void buildsTheCommandLineAndNothingElse() {
        Map<String, String> env = new LinkedHashMap<>();
        env.put("PATH", "/bin");
        env.put("EMPTY", "");
        Launch launch = new Launch(
                Path.of("/tmp/tree"),
                List.of(Bind.writable(Path.of("/proc"), "/proc"), Bind.readOnly(Path.of("/etc/hosts"), "/etc/hosts")),
                "/work",
                env,
                Optional.of("1000:100"),
                List.of("sh", "-c", "--env=not ours"));
        assertThat(ENGINE.prepare(launch, new RunId("r1"), Path.of("/run/status"))
                        .commandLine())
                .containsExactly(
                        "/opt/coracle/bin/coracle-engine",
                        "run",
                        "--mode=F1",
                        "--root=/tmp/tree",
                        "--bind=/proc:/proc",
                        "--bind=/etc/hosts:/etc/hosts:ro",
                        "--cwd=/work",
                        "--clear-env",
                        "--env=PATH=/bin",
                        "--env=EMPTY=",
                        "--user=1000:100",
                        "--run-id=r1",
                        "--status=/run/status",
                        "--run-directory=/run/scratch",
                        "--",
                        "sh",
                        "-c",
                        "--env=not ours");
    }

    @Test
    void saysNothingAboutTheUserWhenNobodyDid() {
        Launch launch = new Launch(Path.of("/t"), List.of(), "/", Map.of(), Optional.empty(), List.of("true"));
        assertThat(ENGINE.prepare(launch, new RunId("r"), Path.of("/s")).commandLine())
                .noneMatch(word -> word.startsWith("--user"));
    }

    @Test
    void anOverlayTakesThePlaceOfTheRoot() {
        Launch launch = new Launch(
                Path.of("/opt/tree"),
                Optional.of(new Overlay(Path.of("/tmp/upper"), List.of(Path.of("/opt/base")))),
                List.of(),
                "/",
                Map.of(),
                Optional.empty(),
                List.of("true"));
        assertThat(ENGINE.prepare(launch, new RunId("r"), Path.of("/s")).commandLine())
                .containsSubsequence("--lower=/opt/tree", "--lower=/opt/base", "--upper=/tmp/upper")
                .noneMatch(word -> word.startsWith("--root"));
        assertThatThrownBy(() -> Overlay.over(Path.of("upper"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesBindsThatItsNotationCannotCarry() {
        assertThatThrownBy(() -> Bind.writable(Path.of("/a:b"), "/c")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Bind.writable(Path.of("/a"), "c")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RunId("a:b")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsHowTheGuestEnded() {
        assertThat(StatusFile.parse("exit 0\n")).contains(new Exit.Code(0));
        assertThat(StatusFile.parse("signal 9\n")).contains(new Exit.Signal(9));
        assertThat(StatusFile.parse("error 127 x: not found\n")).contains(new Exit.NotStarted(127, "x: not found"));
        assertThat(StatusFile.parse("error 125\n")).contains(new Exit.NotStarted(125, ""));
        assertThat(StatusFile.parse("")).isEmpty();
        assertThat(StatusFile.parse("exit")).isEmpty();
        assertThat(StatusFile.parse("exit 99999999999\n")).isEmpty();
    }

    @Test
    void knowsWhichWordsTheHostsCharsetWouldChange() {
        assertThat(new HostCharset(StandardCharsets.UTF_8).carries(List.of("ü")))
                .isTrue();
        assertThat(new HostCharset(StandardCharsets.US_ASCII).carries(List.of("plain")))
                .isTrue();
        assertThat(new HostCharset(StandardCharsets.US_ASCII).carries(List.of("plain", "ü")))
                .isFalse();
        assertThat(new HostCharset(StandardCharsets.ISO_8859_1).carries(List.of("ü")))
                .isFalse();
    }
}
