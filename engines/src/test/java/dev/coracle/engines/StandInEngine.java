package dev.coracle.engines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program that keeps the engine's side of the contract with real processes, so that supervision is tested alone. */
public final class StandInEngine {
    private StandInEngine() {}

    /** Compiles the stand-in into {@code directory} and returns the engine that starts it. */
    public static Engine compile(Path directory) throws IOException, InterruptedException {
        Path source = directory.resolve("stand-in-engine.c");
        Files.write(
                source,
                StandInEngine.class.getResourceAsStream("/stand-in-engine.c").readAllBytes());
        Path program = directory.resolve("stand-in-engine");
        Process gcc = new ProcessBuilder("gcc", "-O1", "-o", program.toString(), source.toString())
                .inheritIO()
                .start();
        assertThat(gcc.waitFor()).isZero();
        return new InProcessEngine(
                new EngineProgram(program, "stand-in"), new EngineChoice(Mode.F1, "a stand-in for tests"));
    }
}
