package dev.coracle.engines.programs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coracle.engines.guests.Confinement;
import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.GuestOutcome;
import dev.coracle.engines.guests.HostTools;
import dev.coracle.engines.guests.ProgramTree;
import dev.coracle.engines.guests.TestCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs that people run, each family by the script of its name beside this class: what they print and how they end has to be under
 * the engine what it is under a real chroot. Servers listen on the loopback or on sockets in the tree, and their script stops them; what
 * it leaves running ends with the run's own pid namespace.
 */
abstract class ProgramsContract {
    /** With this a script begins a line that says why its programs do not even run under a real chroot. */
    private static final String SKIP = "skipped: ";

    @TempDir
    private Path scratch;

    private final Path cache = TestCache.located().root();

    /** How the engine is started for the tree, whose files may have to be another user's. */
    abstract Confinement engine(ProgramTree tree) throws IOException;

    @BeforeEach
    void needsATreeOfPrograms() {
        HostTools.whyNoChroot().or(() -> ProgramTree.whyNone(cache)).ifPresent(Assumptions::abort);
        assertThat(EngineUnderTest.program()).as("the built engine").isExecutable();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "shells",
                "python",
                "multiprocessing",
                "perl",
                "git",
                "compile",
                "node",
                "java",
                "go",
                "postgres",
                "servers",
                "tools",
                "packages",
                "busybox",
                "musl",
                "chromium"
            })
    void doWhatTheyDoUnderARealChroot(String family) throws IOException {
        compare(family, this::engine);
    }

    /** Runs the family's script both ways. */
    final void compare(String family, EngineOfTree engine) throws IOException {
        ProgramTree.whyNot(family).ifPresent(Assumptions::abort);
        GuestOutcome reference = underChroot(family);
        try (ProgramTree tree = ProgramTree.mount(cache, scratch.resolve("engine"), family)) {
            HostTools.require("chmod", "711", scratch.toString());
            GuestOutcome subject = tree.run(engine.of(tree));
            List<String> expected = reference.stdout().lines().toList();
            assertThat(subject.stdout().lines())
                    .as("%s, stderr: %s", family, subject.stderr())
                    .containsExactlyElementsOf(expected);
            assertThat(subject.end()).as(family).isEqualTo(reference.end()).isEqualTo("exit 0");
        }
    }

    /** As {@link #engine}. */
    interface EngineOfTree {
        Confinement of(ProgramTree tree) throws IOException;
    }

    private GuestOutcome underChroot(String family) throws IOException {
        try (ProgramTree tree = ProgramTree.mount(cache, scratch.resolve("chroot"), family)) {
            GuestOutcome outcome = tree.run(new Confinement.RealChroot());
            outcome.stdout()
                    .lines()
                    .filter(line -> line.startsWith(SKIP))
                    .findFirst()
                    .ifPresent(Assumptions::abort);
            return outcome;
        }
    }
}
