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
import dev.coracle.engines.guests.TreePair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What F2 adds to F1: a host that refuses it is named, and code of the last moment is trapped. */
@ExtendWith(GuestTreesExtension.class)
class TrappingTest {
    private static final String FILTERS = GuestTrees.PROGRAMS + "/filters";
    private static final String CODE = GuestTrees.PROGRAMS + "/code";

    private static GuestOutcome run(GuestTrees trees, Confinement.Engine engine, TreePair pair, String... command) {
        Map<String, String> environment =
                Map.of("HOST_ONLY", trees.hostOnlyFile().toString());
        return trees.runner(Duration.ofMinutes(2))
                .run(pair.subject(), engine, new GuestCommand(List.of(command), environment, "", List.of()));
    }

    @Test
    void aHostThatRefusesFiltersIsNamedAndNothingRuns(GuestTrees trees) {
        assumeThat(trees.hasProgram(FILTERS)).isTrue();
        TreePair pair = trees.borrow();
        String refuser = pair.subject().resolve(FILTERS.substring(1)).toString();
        var engine = new Confinement.Engine(EngineUnderTest.program(), Mode.F2, List.of(), List.of(refuser, "deny"));
        GuestOutcome outcome = run(trees, engine, pair, "/bin/echo", "ran");
        trees.giveBack(pair);
        assertThat(outcome.end()).isEqualTo("exit 125");
        assertThat(outcome.stdout()).isEmpty();
        assertThat(outcome.stderr()).contains("refuses the seccomp filter of mode F2", "not permitted", "--mode=F1");
    }

    @Test
    void codeThatIsWritableAndExecutableSeesTheTreeOnly(GuestTrees trees) {
        assumeThat(trees.hasProgram(CODE)).isTrue();
        TreePair pair = trees.borrow();
        for (String how : List.of("made", "writable", "twice")) {
            GuestOutcome outcome = run(trees, EngineUnderTest.confinement(Mode.F2), pair, CODE, how);
            assertThat(outcome.stdout())
                    .contains("nothing opened", "opened what is in the tree")
                    .doesNotContain("LEAKED");
            assertThat(outcome.end()).isEqualTo("exit 0");
        }
        trees.giveBack(pair);
    }
}
