package dev.coracle.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a made-up Apptainer, which notes its words and then does on the host what it was told to do inside. */
class ApptainerEngineTest {
    /** Everything after the tree is a command of our own program, whose place in there is the bind of the name. */
    private static final String MADE_UP = """
            #!/bin/sh
            printf '%s\\n' "$@" >"$0.words"
            ls -A "$(dirname "$0")/tree" >"$0.tree"
            for word; do
                case $word in
                    *:/.coracle/engine:ro) engine=${word%%:*} ;;
                    *:/.coracle/status) status=${word%%:*} ;;
                esac
            done
            while [ "$1" != /.coracle/engine ]; do shift; done
            shift 3
            exec "$engine" init --status="$status" "$@"
            """;

    @TempDir
    Path place;

    private Path apptainer = Path.of("/none");
    private Path tree = Path.of("/none");

    @BeforeEach
    void makeUp() throws IOException {
        apptainer = Files.writeString(place.resolve("apptainer"), MADE_UP);
        Files.setPosixFilePermissions(apptainer, PosixFilePermissions.fromString("rwxr-xr-x"));
        tree = Files.createDirectory(place.resolve("tree"));
    }

    @Test
    void runsTheCommandAndLeavesTheTreeAsItWas() throws IOException {
        Map<String, String> env = new LinkedHashMap<>();
        env.put("PATH", "/usr/bin:/bin");
        env.put("GREETING", "hello, you");
        Path data = Files.createDirectory(place.resolve("data"));
        Launch launch = new Launch(
                tree,
                List.of(Bind.readOnly(data, "/srv/data"), Bind.writable(Path.of("/proc"), "/proc")),
                "/usr",
                env,
                Optional.of("0:0"),
                List.of("sh", "-c", "echo $GREETING $PWD; exit 139"));

        RunReport report = run(launch);

        assertThat(report.exit()).isEqualTo(new Exit.Code(139));
        assertThat(report.stdout().text().text()).isEqualTo("hello, you /usr\n");
        Path program = program().path();
        assertThat(Files.readAllLines(Path.of(apptainer + ".words")))
                .startsWith("--quiet", "exec", "--writable", "--cleanenv", "--contain", "--no-home", "--pid")
                .containsSubsequence("--fakeroot", "--pwd", "/")
                .containsSubsequence("--bind", program + ":/.coracle/engine:ro")
                .containsSubsequence("--bind", data + ":/srv/data:ro", "--env", "CORACLE_RUN=r", tree.toString())
                .containsSubsequence("--env=GREETING=hello, you", "--", "sh", "-c")
                .doesNotContain("/proc:/proc");
        assertThat(Files.readAllLines(Path.of(apptainer + ".tree")))
                .containsExactlyInAnyOrder(".coracle", "dev", "proc", "srv", "sys");
        assertThat(tree).isEmptyDirectory();
    }

    @Test
    void anApptainerThatFailsHasRunNothingAndSaysWhy() throws IOException {
        Files.writeString(apptainer, "#!/bin/sh\necho 'FATAL: no user namespaces' >&2\nexit 255\n");
        assertThatThrownBy(() -> run(launch(Optional.empty())))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(EngineException.Kind.NOT_STARTED))
                .hasMessageContaining("code 255 before anything of the guest ran: FATAL: no user namespaces");
        assertThat(tree).isEmptyDirectory();
    }

    @Test
    void refusesByNameWhatApptainerCannotDo() {
        Launch plain = launch(Optional.of("5:6"));
        assertThat(engine().lacks(plain)).singleElement().asString().contains("5:6");
        assertThatThrownBy(() -> run(plain)).isInstanceOf(EngineException.class).hasMessageContaining("5:6");
        Launch comma = new Launch(
                tree, List.of(Bind.writable(Path.of("/a,b"), "/c")), "/", Map.of(), Optional.empty(), List.of("true"));
        assertThat(engine().lacks(comma)).singleElement().asString().contains("/a,b");
    }

    private Launch launch(Optional<String> user) {
        return new Launch(tree, List.of(), "/", Map.of(), user, List.of("true"));
    }

    private EngineProgram program() {
        return EngineProgram.find(Path.of("/none"), place.resolve("bin"), System.getProperty("os.arch"));
    }

    private ApptainerEngine engine() {
        return new ApptainerEngine(apptainer, program(), new EngineChoice(Mode.S1, "made up"));
    }

    private RunReport run(Launch launch) {
        try {
            return new ContainerRun(engine(), RunLimits.capturing(10_000))
                    .run(new RunOrder(
                            new RunId("r"),
                            launch,
                            new ByteArrayInputStream(new byte[0]),
                            Duration.ofSeconds(50),
                            Files.createDirectories(place.resolve("run"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
