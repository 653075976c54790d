package dev.coracle.engines;

import dev.coracle.engines.EngineException.Kind;
import dev.coracle.engines.container.IdMaps;
import dev.coracle.engines.container.Mount;
import dev.coracle.engines.container.MountPoints;
import dev.coracle.engines.container.MountPoints.Wanted;
import dev.coracle.engines.container.OciConfig;
import dev.coracle.engines.container.OciConfig.FirstProcess;
import dev.coracle.engines.container.OciRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The R engines: a container of runc, crun, runsc or youki, without root's rights. Our own program is its first process, so
 * that the way in which the guest ended is told exactly, and orphans are buried.
 */
public final class OciEngine implements Engine {
    /** Parts of the host that a container has of its own. */
    private static final Set<String> OWN = Set.of(
            "/proc",
            "/sys",
            "/dev",
            "/dev/null",
            "/dev/zero",
            "/dev/full",
            "/dev/random",
            "/dev/urandom",
            "/dev/tty",
            "/dev/pts",
            "/dev/shm");

    /** In the container's own {@code /dev}, so that the tree needs no place for it. */
    private static final String OURS = "/dev/.coracle";

    /** Where our own engine, run as root in R2 and R3, keeps what its processes share; it must not stay in the tree. */
    private static final String SHARED = "/tmp/.coracle-0";

    private static final String ROOT = "0:0";

    private final OciRuntime runtime;
    private final EngineProgram program;
    private final EngineChoice choice;
    private final IdMaps ids;
    private final boolean terminal;

    /**
     * An engine of the mode and reason of {@code choice}.
     *
     * @param program the first process of every container
     * @param ids those of this process
     * @param terminal whether guests get a terminal; then the runtime has to be started on one
     */
    public OciEngine(OciRuntime runtime, EngineProgram program, EngineChoice choice, IdMaps ids, boolean terminal) {
        this.runtime = runtime;
        this.program = program;
        this.choice = choice;
        this.ids = ids;
        this.terminal = terminal;
    }

    @Override
    public EngineChoice choice() {
        return choice;
    }

    @Override
    public List<String> lacks(Launch launch) {
        List<String> lacks = new ArrayList<>();
        if (launch.overlay().isPresent()) {
            lacks.add("an overlay (" + launch.overlay().get().upper() + ")");
        }
        launch.user()
                .filter(user -> !user.equals(ROOT) && !isOurEngineInside() && !ids.root())
                .ifPresent(user -> lacks.add("the user " + user + " (without root's rights there is only 0:0)"));
        launch.binds().stream()
                .map(Bind::guest)
                .filter(guest -> guest.equals("/"))
                .forEach(guest -> lacks.add("a bind over the guest's /"));
        return lacks;
    }

    @Override
    public PreparedRun prepare(Launch launch, RunId id, Path status) {
        List<Bind> binds = launch.binds().stream().filter(OciEngine::isNotOwn).toList();
        for (Bind bind : binds) {
            requireThere(bind);
        }
        Path scratch = status.resolveSibling("scratch");
        try {
            Files.write(status, new byte[0]);
            config(launch, id, binds, status).write(scratch.resolve("bundle"));
            List<String> line = runtime.run(scratch.resolve("bundle"), scratch.resolve("state"), id.value(), ids);
            // The last that can fail: then there is nothing to take away.
            MountPoints points = MountPoints.make(launch.root(), places(binds));
            return new PreparedRun(line, points::close);
        } catch (IOException e) {
            throw new EngineException(
                    Kind.NOT_STARTED,
                    "preparing a container of " + runtime.program() + " in " + launch.root(),
                    e.toString(),
                    "give the tree the missing directories, or take another mode",
                    e);
        }
    }

    /** A bind of the host's own view to its own place is what every container has anyway. */
    private static boolean isNotOwn(Bind bind) {
        return !(OWN.contains(bind.guest()) && bind.host().toString().equals(bind.guest()));
    }

    private static void requireThere(Bind bind) {
        if (!Files.exists(bind.host())) {
            throw new EngineException(
                    Kind.NOT_STARTED,
                    "binding " + bind.host() + " to " + bind.guest(),
                    bind.host() + " is not there",
                    "make it, or leave the bind out",
                    null);
        }
    }

    private OciConfig config(Launch launch, RunId id, List<Bind> binds, Path status) {
        List<Mount> mounts = new ArrayList<>(Mount.own());
        if (Files.isDirectory(launch.root().resolve("sys"))) {
            mounts.add(Mount.devicesView());
        }
        mounts.add(Mount.bind(program.path(), OURS + "/engine", true));
        mounts.add(Mount.bind(status, OURS + "/status", false));
        if (isOurEngineInside()) {
            mounts.add(Mount.memory(SHARED));
        }
        binds.forEach(bind -> mounts.add(Mount.bind(bind.host(), bind.guest(), bind.readOnly())));
        String marker = id.engineEntry().getKey() + "=" + id.engineEntry().getValue();
        return new OciConfig(
                runtime.specification(),
                launch.root(),
                mounts,
                ids,
                new FirstProcess(arguments(launch), List.of(marker), terminal));
    }

    /** R2 and R3 put our own engine between the container and the guest. */
    private List<String> arguments(Launch launch) {
        List<String> words = new ArrayList<>(List.of(OURS + "/engine"));
        words.addAll(
                switch (choice.mode()) {
                    case R2 -> inside(Mode.P1);
                    case R3 -> inside(Mode.P2);
                    default -> List.of("init");
                });
        words.add("--status=" + OURS + "/status");
        words.add("--cwd=" + launch.workdir());
        launch.user().ifPresent(user -> words.add("--user=" + user));
        launch.env().forEach((name, value) -> words.add("--env=" + name + "=" + value));
        words.add("--");
        words.addAll(launch.command());
        return words;
    }

    /** What it needs to write lies in the container's own /dev. What it remembers of owners is the run's, since the tree's table lies outside of the container. */
    private static List<String> inside(Mode mode) {
        return List.of(
                "run",
                "--mode=" + mode,
                "--root=/",
                "--clear-env",
                "--kill-on-exit",
                "--scratch=" + OURS,
                "--owners=" + OURS + "/owners");
    }

    private boolean isOurEngineInside() {
        return choice.mode() != Mode.R1;
    }

    private List<Wanted> places(List<Bind> binds) {
        List<Wanted> places = new ArrayList<>(List.of(new Wanted("/proc", true), new Wanted("/dev", true)));
        if (isOurEngineInside()) {
            places.add(new Wanted(SHARED, true));
        }
        for (Bind bind : binds) {
            if (!bind.guest().startsWith("/dev/")) {
                places.add(new Wanted(bind.guest(), Files.isDirectory(bind.host())));
            }
        }
        return places;
    }
}
