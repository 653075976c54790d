package dev.coracle.engines.differential;

import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;

/** All of them. */
@Tag("slow")
class CompatAllTest extends CompatContract {
    static Stream<GuestCase> cases() {
        return all();
    }
}
