package dev.coracle.engines;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Supervision with the program that this module builds. */
class InProcessRunTest extends SupervisionContract {
    @TempDir
    static Path tools;

    @Override
    Engine engine() {
        EngineProgram program = EngineProgram.find(Path.of("/none"), tools, System.getProperty("os.arch"));
        return new InProcessEngine(program, new EngineChoice(Mode.F1, "the one under test"));
    }

    @Override
    List<String> extraVariables() {
        return List.of();
    }
}
