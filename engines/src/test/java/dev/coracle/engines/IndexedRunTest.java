package dev.coracle.engines;

import dev.coracle.engines.guests.HostTools;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Supervision with an index, in a tree of its own. */
@Tag("slow")
class IndexedRunTest extends EngineContract {
    @TempDir
    static Path tools;

    @TempDir
    Path trees;

    private Path tree = Path.of("/none");

    @BeforeEach
    void index() throws IOException {
        tree = HostTree.make(trees.resolve("tree"));
        makeReady(tree);
    }

    @Override
    void makeReady(Path other) {
        HostTools.require(program().path().toString(), "index", other.toString());
    }

    private static EngineProgram program() {
        return EngineProgram.find(Path.of("/none"), tools, System.getProperty("os.arch"));
    }

    Mode mode() {
        return Mode.F3;
    }

    @Override
    Engine engine() {
        return new InProcessEngine(program(), new EngineChoice(mode(), "the one under test"));
    }

    @Override
    Launch launch(Path directory, List<String> command) {
        List<Bind> binds = new ArrayList<>(HostTree.programs());
        binds.add(Bind.writable(directory, directory.toString()));
        binds.add(Bind.writable(Path.of("/proc"), "/proc"));
        binds.add(Bind.writable(Path.of("/dev/zero"), "/dev/zero"));
        binds.add(Bind.writable(Path.of("/dev/null"), "/dev/null"));
        return new Launch(tree, binds, directory.toString(), Map.of("GREETING", "hello"), Optional.empty(), command);
    }

    @Override
    List<String> extraVariables() {
        return List.of();
    }
}
