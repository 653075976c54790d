package dev.coracle.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.coracle.engines.container.IdMaps;
import dev.coracle.engines.container.OciRuntime;
import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.HostTools;
import dev.coracle.engines.host.ShortCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers of runc that an ordinary user makes, and containers on a terminal. */
class OrdinaryUserRuncTest {
    private static final String USER = "1000";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path place;

    private Path runc = Path.of("/none");
    private Path tree = Path.of("/none");

    @BeforeEach
    void plant() throws IOException {
        assumeTrue(
                HostTools.whyNoChroot().isEmpty() && HostTools.find("runc").isPresent(),
                "becoming another user needs root, and runc: run scripts/test-needs");
        runc = HostTools.find("runc").orElseThrow();
        tree = HostTree.make(place.resolve("tree"));
    }

    @Test
    void rootInsideIsWhoCalls() throws IOException {
        IdMaps.Row self = new IdMaps.Row(0, Long.parseLong(USER), 1);
        Engine engine = engine(new IdMaps(false, List.of(self), List.of(self)), false);
        Path status = Files.createDirectory(place.resolve("run")).resolve("status");
        String use = "id -u; touch /mine; exit 139";
        try (PreparedRun run = engine.prepare(launch(Optional.empty(), use), RunId.random(), status)) {
            HostTools.require("chown", "-hR", USER + ":" + USER, place.toString());
            List<String> line = new ArrayList<>(List.of(
                    "setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups", "--inh-caps=-all", "--"));
            line.addAll(run.commandLine());
            assertThat(ShortCommand.run(line, PATIENCE).output()).isEqualTo("0\n");
        }
        assertThat(StatusFile.read(status)).contains(new Exit.Code(139));
        assertThat(Files.getAttribute(tree.resolve("mine"), "unix:uid")).isEqualTo(Integer.valueOf(USER));
        assertThat(engine.lacks(launch(Optional.of("5:6"), "true")))
                .singleElement()
                .asString()
                .contains("5:6");
    }

    @Test
    void aTerminalIsJoinedToOurs() throws IOException {
        Engine engine = engine(IdMaps.ofThisProcess(), true);
        Path status = Files.createDirectory(place.resolve("run")).resolve("status");
        String use = "test -t 0 && test -t 1 && test -t 2 && tty; kill -TERM $$";
        try (PreparedRun run = engine.prepare(launch(Optional.empty(), use), RunId.random(), status)) {
            String line = run.commandLine().stream()
                    .map(word -> "'" + word.replace("'", "'\\''") + "'")
                    .collect(Collectors.joining(" "));
            ShortCommand ended =
                    ShortCommand.run(List.of("script", "--quiet", "--command", line, "/dev/null"), PATIENCE);
            assertThat(ended.output()).contains("/dev/pts/0");
        }
        assertThat(StatusFile.read(status)).contains(new Exit.Signal(15));
    }

    private Engine engine(IdMaps ids, boolean terminal) throws IOException {
        EngineProgram program = new EngineProgram(
                Files.copy(EngineUnderTest.program(), place.resolve("coracle-engine")), "the one under test");
        return new OciEngine(
                OciRuntime.of(OciRuntime.Kind.RUNC, runc),
                program,
                new EngineChoice(Mode.R1, "the one under test"),
                ids,
                terminal);
    }

    private Launch launch(Optional<String> user, String use) {
        return new Launch(
                tree, HostTree.programs(), "/", Map.of("PATH", "/usr/bin:/bin"), user, List.of("sh", "-c", use));
    }
}
