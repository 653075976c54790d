package dev.coracle.engines;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Supervision alone: the stand-in changes nothing about the guest. */
class StandInEngineTest extends SupervisionContract {
    @TempDir
    static Path tools;

    private static Engine engine = new InProcessEngine(
            new EngineProgram(Path.of("/none"), "not compiled yet"), new EngineChoice(Mode.F1, "a stand-in"));

    @BeforeAll
    static void compile() throws Exception {
        engine = StandInEngine.compile(tools);
    }

    @Override
    Engine engine() {
        return engine;
    }

    @Override
    List<String> extraVariables() {
        return List.of("CORACLE_ENGINE");
    }
}
