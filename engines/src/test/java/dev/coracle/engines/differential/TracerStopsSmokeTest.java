package dev.coracle.engines.differential;

import dev.coracle.engines.Mode;
import java.util.stream.Stream;

/** Those of them that fit, on a kernel without dispatch. */
class TracerStopsSmokeTest extends DifferentialContract {
    TracerStopsSmokeTest() {
        super(Mode.P2, DifferentialTracerStopsTest.OLD_KERNEL);
    }

    static Stream<GuestCase> cases() {
        return TracerSmokeTest.cases().filter(DifferentialTracerStopsTest::isFitting);
    }
}
