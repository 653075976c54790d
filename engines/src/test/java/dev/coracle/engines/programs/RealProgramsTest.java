package dev.coracle.engines.programs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coracle.engines.Mode;
import dev.coracle.engines.guests.Confinement;
import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.GuestCommand;
import dev.coracle.engines.guests.GuestOutcome;
import dev.coracle.engines.guests.GuestRunner;
import dev.coracle.engines.guests.HostTools;
import dev.coracle.engines.guests.TestCache;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs that people run, each family by the script of its name beside this class: what they print and how they end has to be under
 * the engine what it is under a real chroot. Servers listen on the loopback or on sockets in the tree, and their script stops them;
 * what it leaves running ends with the run's own pid namespace.
 */
@Tag("slow")
class RealProgramsTest {
    private static final Duration DEADLINE = Duration.ofMinutes(20);

    @TempDir
    private Path scratch;

    private final Path cache = TestCache.located().root();

    @BeforeEach
    void needsATreeOfPrograms() {
        HostTools.whyNoChroot().or(() -> ProgramTree.whyNone(cache)).ifPresent(Assumptions::abort);
        assertThat(EngineUnderTest.program()).as("the built engine").isExecutable();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "shells",
                "git",
                "compile",
                "node",
                "java",
                "go",
                "postgres",
                "servers",
                "tools",
                "debuggers",
                "packages",
                "chromium"
            })
    void doWhatTheyDoUnderARealChroot(String family) throws IOException {
        GuestRunner runner = new GuestRunner(ProgramTree.starter(scratch), scratch, DEADLINE);
        GuestOutcome reference = run(runner, family, "chroot", new Confinement.RealChroot());
        GuestOutcome subject = run(runner, family, "engine", EngineUnderTest.confinement(Mode.F1));
        assertThat(subject.stdout())
                .as("%s, stderr: %s", family, subject.stderr())
                .isEqualTo(reference.stdout());
        assertThat(subject.end()).as(family).isEqualTo(reference.end()).isEqualTo("exit 0");
    }

    private GuestOutcome run(GuestRunner runner, String family, String kind, Confinement confinement)
            throws IOException {
        Map<String, String> environment = Map.of(
                "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "HOME", "/root",
                "LANG", "C.UTF-8",
                "TZ", "UTC");
        GuestCommand guest =
                new GuestCommand(List.of("/bin/bash", GuestCommand.WORKDIR + "/script"), environment, "", List.of());
        try (ProgramTree tree = ProgramTree.mount(cache, scratch.resolve(kind), family)) {
            return runner.run(tree.root(), confinement, guest);
        }
    }
}
