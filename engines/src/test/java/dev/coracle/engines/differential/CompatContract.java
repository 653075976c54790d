package dev.coracle.engines.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.coracle.engines.Mode;
import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.GuestTrees;
import dev.coracle.engines.guests.GuestTreesExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Guests of 32 bits do in modes P1 and P2 what they do under a real chroot. */
@ExtendWith(GuestTreesExtension.class)
@Execution(ExecutionMode.CONCURRENT)
abstract class CompatContract {
    /** Guests of the case files that are built for 32 bits too, and those that are so by another name. */
    private static final List<String> PROGRAMS = Stream.of(
                    "rows", "hazards", "wander", "around", "faults", "interrupts", "sent", "glibc-dynamic")
            .map(name -> GuestTrees.PROGRAMS + "/" + name)
            .toList();

    private static final String SUFFIX = " (32 bits)";

    /** The cases of those guests, with the program of 32 bits in place of theirs; then those of this file alone. */
    static Stream<GuestCase> all() {
        Stream<GuestCase> twins = CaseFiles.all()
                .filter(guestCase -> PROGRAMS.contains(guestCase.command().getFirst()))
                .map(CompatContract::compat);
        return Stream.concat(twins, CaseFile.read("compat").stream()).filter(CompatContract::isChosen);
    }

    private static boolean isChosen(GuestCase guestCase) {
        return guestCase.toString().matches(".*(" + System.getProperty("coracle.test.case", "") + ").*");
    }

    private static GuestCase compat(GuestCase wide) {
        String program = wide.command().getFirst() + GuestTrees.COMPAT;
        List<String> command = new ArrayList<>(wide.command());
        command.set(0, program);
        var options = new GuestCase.CaseOptions(
                List.of(program),
                wide.options().normalisations(),
                wide.options().environment(),
                wide.options().binds(),
                wide.options().differsIn());
        return new GuestCase(wide.name() + SUFFIX, wide.file(), command, wide.script(), wide.stdin(), options);
    }

    private static void compare(GuestCase guestCase, Mode mode, GuestTrees trees) {
        DifferentialContract.need(guestCase, trees);
        Observation reference = DifferentialContract.reference(guestCase, trees);
        Observation subject = DifferentialContract.observe(
                guestCase, GuestTrees.Side.SUBJECT, EngineUnderTest.confinement(mode), trees);
        assertThat(Comparison.of(guestCase, reference, subject).differences())
                .as(guestCase.toString())
                .isEmpty();
    }

    @ParameterizedTest(name = "P1: {0}")
    @MethodSource("cases")
    void doesInP1WhatItDoesUnderARealChroot(GuestCase guestCase, GuestTrees trees) {
        compare(guestCase, Mode.P1, trees);
    }

    @ParameterizedTest(name = "P2: {0}")
    @MethodSource("cases")
    void doesInP2WhatItDoesUnderARealChroot(GuestCase guestCase, GuestTrees trees) {
        assumeThat(guestCase.name())
                .as("no signals faster than the two stops of each call (docs/p-engine.md)")
                .doesNotStartWith("signals at every point");
        compare(guestCase, Mode.P2, trees);
    }
}
