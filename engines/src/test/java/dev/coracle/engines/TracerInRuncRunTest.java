package dev.coracle.engines;

import org.junit.jupiter.api.Tag;

/** Supervision with P1 in a container of runc. */
@Tag("slow")
class TracerInRuncRunTest extends RuncRunTest {
    @Override
    Mode mode() {
        return Mode.R2;
    }
}
