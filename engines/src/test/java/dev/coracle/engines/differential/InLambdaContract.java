package dev.coracle.engines.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coracle.engines.Mode;
import dev.coracle.engines.guests.GuestOutcome;
import dev.coracle.engines.guests.GuestTrees;
import dev.coracle.engines.guests.GuestTreesExtension;
import dev.coracle.engines.guests.HostTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a guest is shown where the engine runs as Lambda lets it, by an ordinary user, is what root is shown under a real chroot.
 * What the host sees of the tree is compared by the contract without the sandbox.
 */
@ExtendWith(GuestTreesExtension.class)
@Execution(ExecutionMode.CONCURRENT)
abstract class InLambdaContract {
    private static final NotInLambda EXCEPTIONS = NotInLambda.read();

    private final Mode mode;

    InLambdaContract(Mode mode) {
        this.mode = mode;
    }

    static Stream<GuestCase> cases() {
        return DifferentialContract.cases()
                .filter(guestCase -> guestCase.options().differsIn().isEmpty() && !EXCEPTIONS.speaksOf(guestCase));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void showsWhatARealChrootShowsToRoot(GuestCase guestCase, GuestTrees trees) throws IOException {
        DifferentialContract.need(guestCase, trees);
        Path place = Files.createTempDirectory(trees.scratch(), "sandbox");
        Observation reference = DifferentialContract.reference(guestCase, trees);
        Observation subject = DifferentialContract.observe(
                guestCase, GuestTrees.Side.SANDBOXED, trees.sandbox().emulatedRoot(place, mode), trees);
        HostTools.require("rm", "-rf", place.toString());
        assertThat(Comparison.of(guestCase, shown(guestCase, reference), shown(guestCase, subject))
                        .differences())
                .as(guestCase.toString())
                .isEmpty();
    }

    /** What the guest has seen, where Lambda has it. */
    private static Observation shown(GuestCase guestCase, Observation seen) {
        GuestOutcome outcome = seen.outcome();
        String stdout = EXCEPTIONS.without(guestCase, outcome.stdout());
        return new Observation(new GuestOutcome(outcome.end(), stdout, outcome.stderr()), seen.changes()).fromInside();
    }
}
