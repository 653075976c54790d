package dev.coracle.engines.programs;

import dev.coracle.engines.Mode;
import dev.coracle.engines.guests.Confinement;
import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.ProgramTree;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** They do so in P2, with a tracer alone. */
@Tag("slow")
class TracedAloneProgramsTest extends ProgramsContract {
    @Override
    Confinement engine(ProgramTree tree) {
        return EngineUnderTest.confinement(Mode.P2);
    }

    @Test
    void debuggersDo() throws IOException {
        compare("debuggers", this::engine);
    }
}
