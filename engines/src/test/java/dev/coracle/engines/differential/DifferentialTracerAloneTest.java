package dev.coracle.engines.differential;

import dev.coracle.engines.Mode;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;

/** The contract for mode P2: a tracer without a filter, and with dispatch where the kernel has it. */
@Tag("slow")
class DifferentialTracerAloneTest extends DifferentialContract {
    DifferentialTracerAloneTest() {
        super(Mode.P2);
    }

    static Stream<GuestCase> cases() {
        return DifferentialContract.cases();
    }
}
