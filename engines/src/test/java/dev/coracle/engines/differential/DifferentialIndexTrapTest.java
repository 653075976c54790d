package dev.coracle.engines.differential;

import dev.coracle.engines.Mode;
import org.junit.jupiter.api.Tag;

/** The contract for mode F4, which is made of F3 and F2. */
@Tag("slow")
class DifferentialIndexTrapTest extends DifferentialContract {
    DifferentialIndexTrapTest() {
        super(Mode.F4);
    }
}
