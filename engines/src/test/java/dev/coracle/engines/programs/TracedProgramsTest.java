package dev.coracle.engines.programs;

import dev.coracle.engines.Mode;
import dev.coracle.engines.guests.Confinement;
import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.ProgramTree;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** They do so in P1, with a filter and a tracer. */
@Tag("slow")
class TracedProgramsTest extends ProgramsContract {
    @Override
    Confinement engine(ProgramTree tree) {
        return EngineUnderTest.confinement(Mode.P1);
    }

    @Test
    void debuggersDo() throws IOException {
        compare("debuggers", this::engine);
    }
}
