package dev.coracle.engines.differential;

import dev.coracle.engines.Mode;
import java.util.stream.Stream;

/** The cases of {@link TracerSmokeTest} in mode P2. */
class TracerAloneSmokeTest extends DifferentialContract {
    TracerAloneSmokeTest() {
        super(Mode.P2);
    }

    static Stream<GuestCase> cases() {
        return TracerSmokeTest.cases();
    }
}
