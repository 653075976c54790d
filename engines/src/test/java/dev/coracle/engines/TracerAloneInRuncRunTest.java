package dev.coracle.engines;

import org.junit.jupiter.api.Tag;

/** Supervision with P2 in a container of runc. */
@Tag("slow")
class TracerAloneInRuncRunTest extends RuncRunTest {
    @Override
    Mode mode() {
        return Mode.R3;
    }
}
