package dev.coracle.engines;

import org.junit.jupiter.api.Tag;

/** Supervision where the kernel traps what was not patched. */
@Tag("slow")
class TrapRunTest extends InProcessRunTest {
    @Override
    Mode mode() {
        return Mode.F2;
    }
}
