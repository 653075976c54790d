package dev.coracle.engines;

import dev.coracle.engines.EngineException.Kind;
import dev.coracle.engines.container.MountPoints;
import dev.coracle.engines.container.MountPoints.Wanted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The S engine: Apptainer or Singularity, which share their options. Our own program starts the command in there, so that
 * environment, user and the way in which the guest ended are exact.
 */
public final class ApptainerEngine implements Engine {
    private static final Set<String> OWN = Set.of("/proc", "/sys", "/dev");
    private static final String OURS = "/.coracle";
    private static final String ROOT = "0:0";

    private final Path apptainer;
    private final EngineProgram program;
    private final EngineChoice choice;

    /** An engine with the reason of {@code choice}, which runs {@code apptainer}. */
    public ApptainerEngine(Path apptainer, EngineProgram program, EngineChoice choice) {
        this.apptainer = apptainer;
        this.program = program;
        this.choice = choice;
    }

    @Override
    public EngineChoice choice() {
        return choice;
    }

    @Override
    public List<String> lacks(Launch launch) {
        List<String> lacks = new ArrayList<>();
        launch.overlay().ifPresent(overlay -> lacks.add("an overlay (" + overlay.upper() + ")"));
        launch.user()
                .filter(user -> !user.equals(ROOT))
                .ifPresent(user -> lacks.add("the user " + user + " (there are 0:0 and whoever calls)"));
        launch.binds().stream()
                .filter(bind -> holdsComma(bind.host().toString()) || holdsComma(bind.guest()))
                .forEach(bind -> lacks.add("a bind with a comma in its name (" + bind.host() + ")"));
        return lacks;
    }

    /** It separates binds from each other. */
    private static boolean holdsComma(String text) {
        return text.indexOf(',') >= 0;
    }

    @Override
    public PreparedRun prepare(Launch launch, RunId id, Path status) {
        List<Bind> binds =
                launch.binds().stream().filter(ApptainerEngine::isNotOwn).toList();
        List<Wanted> places = new ArrayList<>(List.of(
                new Wanted("/proc", true),
                new Wanted("/sys", true),
                new Wanted("/dev", true),
                new Wanted(OURS + "/engine", false),
                new Wanted(OURS + "/status", false)));
        try {
            Files.write(status, new byte[0]);
            for (Bind bind : binds) {
                places.add(
                        new Wanted(bind.guest(), Files.isDirectory(bind.host().toRealPath())));
            }
            MountPoints points = MountPoints.make(launch.root(), places);
            return new PreparedRun(commandLine(launch, id, binds, status), points::close);
        } catch (IOException e) {
            throw new EngineException(
                    Kind.NOT_STARTED,
                    "preparing a container of " + apptainer + " in " + launch.root(),
                    e.toString(),
                    "give the tree the missing directories, or take another mode",
                    e);
        }
    }

    private static boolean isNotOwn(Bind bind) {
        return !(OWN.stream()
                        .anyMatch(
                                own -> bind.guest().equals(own) || bind.guest().startsWith(own + "/"))
                && bind.host().toString().equals(bind.guest()));
    }

    private List<String> commandLine(Launch launch, RunId id, List<Bind> binds, Path status) {
        List<String> line = new ArrayList<>(List.of(apptainer.toString(), "--quiet", "exec", "--writable"));
        // Nothing of the host but what the launch names; a PID namespace, so that all end with the first process.
        line.addAll(List.of("--cleanenv", "--contain", "--no-home", "--pid", "--no-init"));
        if (launch.user().isPresent()) {
            line.add("--fakeroot");
        }
        line.addAll(List.of("--pwd", "/"));
        line.addAll(List.of("--bind", program.path() + ":" + OURS + "/engine:ro"));
        line.addAll(List.of("--bind", status + ":" + OURS + "/status"));
        for (Bind bind : binds) {
            line.addAll(List.of("--bind", bind.host() + ":" + bind.guest() + (bind.readOnly() ? ":ro" : "")));
        }
        line.addAll(List.of(
                "--env", id.engineEntry().getKey() + "=" + id.engineEntry().getValue()));
        line.add(launch.root().toString());
        line.addAll(List.of(OURS + "/engine", "init", "--status=" + OURS + "/status"));
        line.add("--cwd=" + launch.workdir());
        launch.env().forEach((name, value) -> line.add("--env=" + name + "=" + value));
        line.add("--");
        line.addAll(launch.command());
        return line;
    }
}
