package dev.coracle.engines.differential;

import dev.coracle.engines.Mode;
import org.junit.jupiter.api.Tag;

/** The contract for mode P2: every call stops for a tracer. */
@Tag("slow")
class DifferentialTracerAloneTest extends DifferentialContract {
    DifferentialTracerAloneTest() {
        super(Mode.P2);
    }
}
