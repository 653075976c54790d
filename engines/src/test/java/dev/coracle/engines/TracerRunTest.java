package dev.coracle.engines;

import org.junit.jupiter.api.Tag;

/** Supervision with a tracer beside the guest. */
@Tag("slow")
class TracerRunTest extends InProcessRunTest {
    @Override
    Mode mode() {
        return Mode.P1;
    }

    /** With the command its tracer dies, and with that all whom it traces. */
    @Override
    boolean endsAsOne() {
        return true;
    }
}
