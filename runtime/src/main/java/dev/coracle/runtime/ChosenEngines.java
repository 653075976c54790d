package dev.coracle.runtime;

import dev.coracle.engines.ApptainerEngine;
import dev.coracle.engines.Engine;
import dev.coracle.engines.EngineChoice;
import dev.coracle.engines.EngineProgram;
import dev.coracle.engines.InProcessEngine;
import dev.coracle.engines.Mode;
import dev.coracle.engines.OciEngine;
import dev.coracle.engines.TreeIndexes;
import dev.coracle.engines.choice.Choice;
import dev.coracle.engines.choice.ChoiceTable;
import dev.coracle.engines.choice.Host;
import dev.coracle.engines.choice.Tree;
import dev.coracle.engines.container.IdMaps;
import dev.coracle.engines.container.OciRuntime;
import dev.coracle.engines.host.Capabilities;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The engines that the table chooses, from what this host allows (asked once) and what is in the tree (looked at once each). */
final class ChosenEngines implements EngineSource {
    private static final Logger LOG = System.getLogger(ChosenEngines.class.getName());

    private final RuntimeConfig config;
    private final String architecture;
    private final TreeIndexes indexes = new TreeIndexes();
    private final Map<Path, Host> hosts = new ConcurrentHashMap<>();
    private final Map<Path, Tree> trees = new ConcurrentHashMap<>();

    /**
     * Chooses on this host.
     *
     * @param architecture of this host in the words of {@code os.arch}
     */
    ChosenEngines(RuntimeConfig config, String architecture) {
        this.config = config;
        this.architecture = architecture;
    }

    @Override
    public List<Engine> enginesFor(Path root, Optional<Path> index) {
        EngineProgram program =
                EngineProgram.find(config.engine(), config.work().resolve("bin"), architecture);
        Host host = hosts.computeIfAbsent(program.path(), this::host);
        Tree tree = host.offersChoice()
                ? trees.computeIfAbsent(root, place -> tree(program.path(), place))
                : Tree.of(architecture);
        return switch (ChoiceTable.choose(host, tree, config.choosing().wishes())) {
            case Choice.Modes(List<EngineChoice> inOrder) ->
                inOrder.stream()
                        .map(choice -> engine(choice, program, host, new Place(root, index)))
                        .distinct()
                        .toList();
            case Choice.None(String reason) ->
                throw new JobException(
                        JobException.Kind.ENGINE, "choosing an engine", reason, "see docs/choosing-an-engine.md");
        };
    }

    private record Place(Path root, Optional<Path> index) {}

    private Engine engine(EngineChoice choice, EngineProgram program, Host host, Place place) {
        return switch (choice.mode()) {
            case F1, F2, P1, P2 -> new InProcessEngine(program, choice);
            case F3, F4 -> new InProcessEngine(program, indexed(choice, program, place));
            case R1, R2, R3 -> new OciEngine(host.runtime().orElseThrow(), program, choice, ids(), false);
            case S1 -> new ApptainerEngine(host.apptainer().orElseThrow(), program, choice);
        };
    }

    /** Without an index F3 is F1, and F4 is F2. */
    private EngineChoice indexed(EngineChoice choice, EngineProgram program, Place place) {
        EngineChoice index = indexes.choose(program, place.root(), place.index());
        boolean plain = index.mode() == Mode.F1;
        Mode mode = choice.mode() == Mode.F3 ? (plain ? Mode.F1 : Mode.F3) : (plain ? Mode.F2 : Mode.F4);
        return new EngineChoice(mode, index.reason() + "; " + choice.reason());
    }

    /** A host that cannot be asked may still run F, which asks for nothing. */
    private Host host(Path program) {
        Capabilities capabilities;
        try {
            capabilities = Capabilities.probe(program, config.work());
        } catch (IOException e) {
            LOG.log(Level.WARNING, "what this host allows is not known, so F is taken: {0}", e.getMessage());
            capabilities = Capabilities.of(Set.of());
        }
        Host host = new Host(
                architecture,
                ids().root(),
                capabilities,
                OciRuntime.find(config.choosing().searchPath()),
                Host.apptainerIn(config.choosing().searchPath()));
        LOG.log(Level.INFO, "this host allows {0}", capabilities.answers());
        return host;
    }

    private Tree tree(Path program, Path root) {
        try {
            return Tree.check(program, root, architecture);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "what is in {0} is not known: {1}", root, e.getMessage());
            return Tree.of(architecture);
        }
    }

    private static IdMaps ids() {
        try {
            return IdMaps.ofThisProcess();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
