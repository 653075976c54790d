package dev.coracle.engines;

import org.junit.jupiter.api.Tag;

/** Supervision with a tracer that sees every call. */
@Tag("slow")
class TracerAloneRunTest extends InProcessRunTest {
    @Override
    Mode mode() {
        return Mode.P2;
    }
}
