package dev.coracle.engines.differential;

import dev.coracle.engines.Mode;

/** The contract for mode F2: also what was not patched goes through the engine. */
class DifferentialTrapTest extends DifferentialContract {
    DifferentialTrapTest() {
        super(Mode.F2);
    }
}
