package dev.coracle.engines.differential;

import dev.coracle.engines.Mode;

/** The contract for mode F3: code comes patched from the index of the tree. */
class DifferentialIndexTest extends DifferentialContract {
    DifferentialIndexTest() {
        super(Mode.F3);
    }
}
