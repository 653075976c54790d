package dev.coracle.engines.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.coracle.engines.Mode;
import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.GuestCommand;
import dev.coracle.engines.guests.GuestOutcome;
import dev.coracle.engines.guests.GuestTrees;
import dev.coracle.engines.guests.GuestTreesExtension;
import dev.coracle.engines.guests.TreePair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Directories and links change places while paths lead through them; no path may ever end outside of the tree. */
@ExtendWith(GuestTreesExtension.class)
class RaceTest {
    private static final String RACE = GuestTrees.PROGRAMS + "/race";

    private static final String CONTENT = "only the host has this\n";

    @Test
    void noCallReachesTheHostWhileLinksAppear(GuestTrees trees) throws IOException {
        assumeThat(trees.hasProgram(RACE)).isTrue();
        TreePair pair = trees.borrow();
        Path directory = Files.createTempDirectory(trees.scratch(), "race");
        Path file = Files.writeString(directory.resolve("file"), CONTENT);
        GuestCommand guest = new GuestCommand(List.of(RACE, "60"), Map.of("HOST_ONLY", file.toString()), "", List.of());
        GuestOutcome outcome =
                trees.runner(Duration.ofMinutes(2)).run(pair.subject(), EngineUnderTest.confinement(Mode.F1), guest);
        trees.giveBack(pair);
        assertThat(outcome.end()).as(outcome.stderr()).isEqualTo("exit 0");
        assertThat(outcome.stdout().lines()).hasSize(26).allMatch(line -> line.endsWith(": never"));
        assertThat(file).hasContent(CONTENT);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }
}
