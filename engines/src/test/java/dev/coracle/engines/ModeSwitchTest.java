package dev.coracle.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.coracle.engines.container.IdMaps;
import dev.coracle.engines.container.OciRuntime;
import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.HostTools;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One tree, one engine after the other, and the tree is the same after each, byte for byte and time for time. */
@Timeout(120)
class ModeSwitchTest {
    /** Everything that find(1) can tell but inode change times, and what is in the files. */
    private static final String CONTENTS =
            "cd \"$1\" && find . -printf '%p %y %m %U:%G %s %T@ %n %l\\n' | sort && find . -type f -exec sha256sum {} + | sort";

    @TempDir
    Path place;

    @Test
    void theTreeIsTheSameAfterEveryEngine() throws Exception {
        Optional<Path> runc = HostTools.find("runc");
        assumeTrue(runc.isPresent(), "runc is not installed: run scripts/test-needs");
        EngineProgram program = new EngineProgram(EngineUnderTest.program(), "the one under test");
        Path tree = plant();
        HostTools.require(program.path().toString(), "index", tree.toString());
        OciRuntime runtime = OciRuntime.of(OciRuntime.Kind.RUNC, runc.orElseThrow());
        String before = contents(tree);
        for (Mode mode : List.of(
                Mode.F1, Mode.F2, Mode.F3, Mode.F4, Mode.P1, Mode.P2, Mode.R1, Mode.R2, Mode.R3, Mode.S1, Mode.F3)) {
            EngineChoice choice = new EngineChoice(mode, "its turn");
            Engine engine = switch (mode) {
                case F1, F2, F3, F4, P1, P2 -> new InProcessEngine(program, choice);
                case R1, R2, R3 -> new OciEngine(runtime, program, choice, IdMaps.ofThisProcess(), false);
                case S1 -> new ApptainerEngine(apptainer(program), program, choice);
            };
            RunReport report = run(engine, tree);
            assertThat(report.stdout().text().text())
                    .as("%s: %s", mode, report.stderr().text().text())
                    .isEqualTo("here\n");
            assertThat(contents(tree)).as("after %s", mode).isEqualTo(before);
        }
    }

    private RunReport run(Engine engine, Path tree) throws IOException {
        Path directory = Files.createTempDirectory(place, "run");
        List<Bind> binds = new ArrayList<>(HostTree.programs());
        binds.add(Bind.writable(Path.of("/proc"), "/proc"));
        binds.add(Bind.writable(Files.createDirectories(place.resolve("data")), "/srv/deep/data"));
        Launch launch = new Launch(
                tree,
                binds,
                "/",
                Map.of("PATH", "/usr/bin:/bin"),
                Optional.of("0:0"),
                List.of("sh", "-c", "cat own/file && touch srv/deep/data/made"));
        return new ContainerRun(engine, RunLimits.capturing(100_000))
                .run(new RunOrder(
                        RunId.random(),
                        launch,
                        new ByteArrayInputStream(new byte[0]),
                        Duration.ofSeconds(60),
                        directory));
    }

    private Path plant() throws IOException {
        Path tree = HostTree.make(place.resolve("tree"));
        Files.createDirectory(tree.resolve("tmp"));
        Files.createDirectory(tree.resolve("own"));
        Files.writeString(tree.resolve("own/file"), "here\n");
        for (String old : List.of("own/file", "own", "tmp", "")) {
            Files.setLastModifiedTime(tree.resolve(old), FileTime.fromMillis(1_000_000_000_000L));
        }
        return tree;
    }

    /** Made up: what it is told to do in the tree, our own engine does. */
    private Path apptainer(EngineProgram program) throws IOException {
        Path made = place.resolve("apptainer");
        Files.writeString(made, """
                #!/bin/sh
                while [ "$1" != /.coracle/engine ]; do
                    case $1 in
                        *:/.coracle/status) status=${1%%%%:*} ;;
                        *:/.coracle/engine:ro) ;;
                        /*:/*) binds="$binds --bind=$1" ;;
                        /*/tree) tree=$1 ;;
                    esac
                    shift
                done
                while [ "$1" != -- ]; do shift; done
                exec %s run --root="$tree" $binds --status="$status" --env=PATH=/usr/bin:/bin "$@"
                """.formatted(program.path()));
        HostTools.require("chmod", "755", made.toString());
        return made;
    }

    private static String contents(Path tree) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", CONTENTS, "sh", tree.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String all = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(process.waitFor()).isZero();
        return all;
    }
}
