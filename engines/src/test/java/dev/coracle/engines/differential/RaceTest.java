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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Directories and links change places while paths lead through them; no path may ever end outside of the tree. */
@ExtendWith(GuestTreesExtension.class)
class RaceTest {
    private static final String RACE = GuestTrees.PROGRAMS + "/race";

    private static final String CONTENT = "only the host has this\n";

    @Test
    void noCallReachesTheHostWhileLinksAppear(GuestTrees trees) throws IOException {
        audit(trees, EngineUnderTest.confinement(Mode.F1), 60);
    }

    /** Two seconds for each way to use a path, so that rare moments come, too. */
    @ParameterizedTest
    @EnumSource(names = {"F1", "F3"})
    @Tag("slow")
    void noCallReachesTheHostForLong(Mode mode, GuestTrees trees) throws IOException {
        audit(trees, EngineUnderTest.confinement(mode), 2000);
    }

    @Test
    @Tag("slow")
    void noCallReachesTheHostFromAnOverlayForLong(GuestTrees trees) throws IOException {
        Path upper = Files.createTempDirectory(trees.scratch(), "race-upper");
        audit(trees, new Confinement.EngineOverlay(EngineUnderTest.program(), List.of(), upper, List.of()), 2000);
    }

    /** The guest takes that many milliseconds for each of its ways; the deadline only keeps it from hanging. */
    private static void audit(GuestTrees trees, Confinement confinement, int milliseconds) throws IOException {
        assumeThat(trees.hasProgram(RACE)).isTrue();
        Path tree = trees.borrow(GuestTrees.Side.SUBJECT);
        trees.indexFor(confinement, tree);
        Path directory = Files.createTempDirectory(trees.scratch(), "race");
        Path file = Files.writeString(directory.resolve("file"), CONTENT);
        GuestCommand guest = new GuestCommand(
                List.of(RACE, Integer.toString(milliseconds)), Map.of("HOST_ONLY", file.toString()), "", List.of());
        GuestOutcome outcome = trees.runner(Duration.ofMinutes(5)).run(tree, confinement, guest);
        trees.giveBack(GuestTrees.Side.SUBJECT, tree);
        assertThat(outcome.end()).as(outcome.stderr()).isEqualTo("exit 0");
        assertThat(outcome.stdout().lines()).hasSize(27).allMatch(line -> line.endsWith(": never"));
        assertThat(file).hasContent(CONTENT);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }
}
