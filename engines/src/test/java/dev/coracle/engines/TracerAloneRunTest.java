package dev.coracle.engines;

import org.junit.jupiter.api.Tag;

/** Supervision with a tracer that sees every call. */
@Tag("slow")
class TracerAloneRunTest extends InProcessRunTest {
    @Override
    Mode mode() {
        return Mode.P2;
    }

    /** With the command its tracer dies, and with that all whom it traces. */
    @Override
    boolean endsAsOne() {
        return true;
    }
}
