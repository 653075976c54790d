package dev.coracle.engines;

import org.junit.jupiter.api.Tag;

/** Supervision with a tracer beside the guest. */
@Tag("slow")
class TracerRunTest extends InProcessRunTest {
    @Override
    Mode mode() {
        return Mode.P1;
    }
}
