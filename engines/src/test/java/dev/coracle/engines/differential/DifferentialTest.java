package dev.coracle.engines.differential;

import dev.coracle.engines.Mode;

/** The contract for mode F1. */
class DifferentialTest extends DifferentialContract {
    DifferentialTest() {
        super(Mode.F1);
    }
}
