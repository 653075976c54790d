package dev.coracle.engines.differential;

import dev.coracle.engines.Mode;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;

/** The contract for mode P2: every call stops for a tracer. */
@Tag("slow")
class DifferentialTracerAloneTest extends DifferentialContract {
    /** Their signals come faster than a busy machine gets through the stops between two of them, so that they may never end. */
    private static final Set<String> TOO_MANY_SIGNALS = Set.of(
            "red zone: data below the stack pointer is there while signals come", "vectors and their control are kept");

    DifferentialTracerAloneTest() {
        super(Mode.P2);
    }

    static Stream<GuestCase> cases() {
        return DifferentialContract.cases()
                .filter(guestCase -> TOO_MANY_SIGNALS.stream().noneMatch(guestCase.name()::endsWith));
    }
}
