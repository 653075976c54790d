package dev.coracle.engines.differential;

import dev.coracle.engines.Mode;
import org.junit.jupiter.api.Tag;

/** The contract for mode P1: what was not patched stops for a tracer. */
@Tag("slow")
class DifferentialTracerTest extends DifferentialContract {
    DifferentialTracerTest() {
        super(Mode.P1);
    }
}
