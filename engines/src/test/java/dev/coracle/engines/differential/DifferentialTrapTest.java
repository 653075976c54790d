package dev.coracle.engines.differential;

import dev.coracle.engines.Mode;
import org.junit.jupiter.api.Tag;

/** The contract for mode F2: also what was not patched goes through the engine. */
@Tag("slow")
class DifferentialTrapTest extends DifferentialContract {
    DifferentialTrapTest() {
        super(Mode.F2);
    }
}
