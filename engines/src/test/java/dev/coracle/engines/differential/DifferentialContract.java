package dev.coracle.engines.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.coracle.engines.Mode;
import dev.coracle.engines.guests.Confinement;
import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.GuestTrees;
import dev.coracle.engines.guests.GuestTreesExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every guest of the case files has to do under the engine, in each of its modes, what it does under a real chroot. */
@ExtendWith(GuestTreesExtension.class)
@Execution(ExecutionMode.CONCURRENT)
abstract class DifferentialContract {
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    /** What each case did under the real chroot, which is the same for every mode; by the case's name. */
    private static final Map<String, Observation> REFERENCES = new ConcurrentHashMap<>();

    private final Mode mode;

    /** In front of the engine. */
    private final List<String> wrapper;

    DifferentialContract(Mode mode) {
        this(mode, List.of());
    }

    DifferentialContract(Mode mode, List<String> wrapper) {
        this.mode = mode;
        this.wrapper = wrapper;
    }

    static Stream<GuestCase> cases() {
        String only = System.getProperty("coracle.test.case", "");
        return CaseFiles.all()
                .filter(guestCase ->
                        Pattern.compile(only).matcher(guestCase.toString()).find());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void behavesAsUnderARealChroot(GuestCase guestCase, GuestTrees trees) {
        need(guestCase, trees);
        Observation reference = reference(guestCase, trees);
        Observation subject = observe(guestCase, GuestTrees.Side.SUBJECT, subject(), trees);
        var difference = assertThat(Comparison.of(guestCase, reference, subject).differences())
                .as(guestCase.toString());
        if (!guestCase.options().differsIn().contains(mode) || !(subject() instanceof Confinement.Engine)) {
            difference.isEmpty();
        } else {
            difference
                    .as("%s: does not differ any more, the mark can go", guestCase)
                    .isNotEmpty();
        }
    }

    /** Skips the case, saying why, where the tree lacks a program. */
    static void need(GuestCase guestCase, GuestTrees trees) {
        guestCase
                .options()
                .needs()
                .forEach(program -> assumeThat(trees.hasProgram(program))
                        .as(program + " could be put into the tree")
                        .isTrue());
    }

    /** What the case does under the real chroot. */
    static Observation reference(GuestCase guestCase, GuestTrees trees) {
        return REFERENCES.computeIfAbsent(
                guestCase.toString(),
                key -> observe(guestCase, GuestTrees.Side.REFERENCE, new Confinement.RealChroot(), trees));
    }

    /** What it does in a tree of that side, which is mended or thrown away if it was changed where it may not be. */
    static Observation observe(GuestCase guestCase, GuestTrees.Side side, Confinement confinement, GuestTrees trees) {
        var surroundings = new Observation.Surroundings(trees, trees.runner(DEADLINE));
        Path tree = trees.borrow(side);
        trees.indexFor(confinement, tree);
        Observation seen = Observation.of(guestCase, tree, confinement, surroundings);
        if (seen.keptToItsPlaces() || TreeRepair.repair(trees, side, tree, seen.changes())) {
            trees.giveBack(side, tree);
        } else {
            trees.discard(tree);
        }
        return seen;
    }

    /** The harness is checked against itself with {@code -Dcoracle.test.subject=chroot}. */
    private Confinement subject() {
        if (System.getProperty("coracle.test.subject", "engine").equals("chroot")) {
            return new Confinement.RealChroot();
        }
        assertThat(EngineUnderTest.program()).as("the built engine").isExecutable();
        return new Confinement.Engine(EngineUnderTest.program(), mode, List.of(), wrapper);
    }
}
