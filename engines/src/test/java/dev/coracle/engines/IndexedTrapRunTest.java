package dev.coracle.engines;

import org.junit.jupiter.api.Tag;

/** Supervision with an index and the kernel's trap. */
@Tag("slow")
class IndexedTrapRunTest extends IndexedRunTest {
    @Override
    Mode mode() {
        return Mode.F4;
    }
}
