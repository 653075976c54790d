package dev.coracle.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coracle.engines.container.IdMaps;
import dev.coracle.engines.container.OciRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Supervision of containers, whose tree is as it was after every run. */
abstract class OciRunContract extends EngineContract {
    @TempDir
    static Path tools;

    @TempDir
    Path trees;

    private Path tree = Path.of("/none");

    /** The program that makes the containers. */
    abstract OciRuntime runtime();

    Mode mode() {
        return Mode.R1;
    }

    @BeforeEach
    void make() throws IOException {
        tree = HostTree.make(trees.resolve("tree"));
    }

    @AfterEach
    void theTreeIsAsItWas() throws IOException {
        try (var files = Files.list(tree)) {
            assertThat(files).allMatch(Files::isSymbolicLink);
        }
        assertThat(trees).isDirectoryNotContaining(path -> !path.equals(tree));
    }

    @Override
    Engine engine() {
        try {
            return new OciEngine(
                    runtime(),
                    EngineProgram.find(Path.of("/none"), tools, System.getProperty("os.arch")),
                    new EngineChoice(mode(), "the one under test"),
                    IdMaps.ofThisProcess(),
                    false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    Launch launch(Path directory, List<String> command) {
        List<Bind> binds = new ArrayList<>(HostTree.programs());
        binds.add(Bind.writable(directory, directory.toString()));
        return new Launch(tree, binds, directory.toString(), Map.of("GREETING", "hello"), Optional.empty(), command);
    }

    /** From inside nobody can. */
    @Override
    void runUntilTheEngineIsKilled() {
        Path begun = directory.resolve("begun");
        Thread killer = Thread.startVirtualThread(() -> {
            await(() -> Files.exists(begun));
            alive().forEach(process -> ProcessHandle.of(Long.parseLong(process.substring("/proc/".length())))
                    .ifPresent(ProcessHandle::destroyForcibly));
        });
        try {
            run("", LONG, "sh", "-c", "touch begun; sleep 309");
        } finally {
            killer.interrupt();
        }
    }

    @Override
    boolean endsAsOne() {
        return true;
    }

    @Override
    List<String> extraVariables() {
        return List.of();
    }
}
