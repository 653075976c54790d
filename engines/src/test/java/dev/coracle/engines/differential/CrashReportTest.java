package dev.coracle.engines.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.coracle.engines.Mode;
import dev.coracle.engines.guests.Confinement;
import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.GuestCommand;
import dev.coracle.engines.guests.GuestOutcome;
import dev.coracle.engines.guests.GuestTrees;
import dev.coracle.engines.guests.GuestTreesExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An engine that fails inside a guest says where, at which call of the guest's, and what lies there; the guest ends by the signal. */
@ExtendWith(GuestTreesExtension.class)
class CrashReportTest {
    private static final String TRACING = GuestTrees.PROGRAMS + "/tracing";

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"F1", "F2", "F3"})
    void aFailureInsideTheEngineIsTold(Mode mode, GuestTrees trees) {
        assumeThat(trees.hasProgram(TRACING)).isTrue();
        Path tree = trees.borrow(GuestTrees.Side.SUBJECT);
        var engine = new Confinement.Engine(EngineUnderTest.program(), mode, List.of(), List.of());
        trees.indexFor(engine, tree);
        GuestOutcome outcome = trees.runner(Duration.ofMinutes(2))
                .run(tree, engine, new GuestCommand(List.of(TRACING, "ruin"), Map.of(), "", List.of()));
        trees.giveBack(GuestTrees.Side.SUBJECT, tree);

        assertThat(outcome.stdout()).isEqualTo("ended by signal 11\n");
        assertThat(outcome.stderr())
                .containsPattern(
                        "coracle-engine: the engine itself failed: signal 11 at 0x[0-9a-f]+, address 0x[0-9a-f]+, "
                                + "system call \\d+ of the guest at 0x[0-9a-f]+")
                .containsPattern("coracle-engine: the address 0x[0-9a-f]+ in: no mapping")
                .containsPattern(
                        "coracle-engine: the guest's code 0x[0-9a-f]+ in: [0-9a-f]+-[0-9a-f]+ r.x.*/(libc\\.so|.*index)");
    }
}
