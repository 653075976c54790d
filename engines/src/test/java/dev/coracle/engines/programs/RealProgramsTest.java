package dev.coracle.engines.programs;

import dev.coracle.engines.Mode;
import dev.coracle.engines.guests.Confinement;
import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.LambdaSandbox;
import dev.coracle.engines.guests.ProgramTree;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** They do so in F1, confined as Lambda confines. */
@Tag("slow")
class RealProgramsTest extends ProgramsContract {
    @Override
    Confinement engine(ProgramTree tree) throws IOException {
        tree.giveToUser();
        return LambdaSandbox.install(tree.place()).emulatedRoot(tree.place(), Mode.F1);
    }

    /** Lambda refuses ptrace(2); where it is there, it has to work. */
    @Test
    void debuggersDoWhereTheHostLetsThem() throws IOException {
        compare("debuggers", tree -> EngineUnderTest.confinement(Mode.F1));
    }
}
