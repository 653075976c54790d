package dev.coracle.engines;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The F engines: our own native program loads the guest and translates its system calls in process. */
public final class InProcessEngine implements Engine {
    private final EngineProgram program;
    private final EngineChoice choice;

    /** An engine of the mode and reason of {@code choice}. */
    public InProcessEngine(EngineProgram program, EngineChoice choice) {
        this.program = program;
        this.choice = choice;
    }

    @Override
    public EngineChoice choice() {
        return choice;
    }

    /** The native program has an option for everything that a launch can ask for. */
    @Override
    public List<String> lacks(Launch launch) {
        return List.of();
    }

    @Override
    public PreparedRun prepare(Launch launch, RunId id, Path status) {
        return PreparedRun.of(commandLine(launch, id, status));
    }

    private List<String> commandLine(Launch launch, RunId id, Path status) {
        List<String> line = new ArrayList<>();
        line.add(program.path().toString());
        line.add("run");
        line.add("--mode=" + choice.mode());
        line.addAll(tree(launch));
        for (Bind bind : launch.binds()) {
            line.add("--bind=" + bind.host() + ":" + bind.guest() + (bind.readOnly() ? ":ro" : ""));
        }
        line.add("--cwd=" + launch.workdir());
        line.add("--clear-env");
        launch.env().forEach((name, value) -> line.add("--env=" + name + "=" + value));
        launch.user().ifPresent(user -> line.add("--user=" + user));
        line.add("--run-id=" + id.value());
        line.add("--status=" + status);
        line.add("--run-directory=" + status.resolveSibling("scratch"));
        line.add("--");
        line.addAll(launch.command());
        return line;
    }

    private static List<String> tree(Launch launch) {
        if (launch.overlay().isEmpty()) {
            return List.of("--root=" + launch.root());
        }
        Overlay overlay = launch.overlay().get();
        List<String> words = new ArrayList<>(List.of("--lower=" + launch.root()));
        overlay.below().forEach(lower -> words.add("--lower=" + lower));
        words.add("--upper=" + overlay.upper());
        return words;
    }
}
