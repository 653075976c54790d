package dev.coracle.engines.guests;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A way to keep a guest inside a tree. */
public sealed interface Confinement {

    /** The kernel's own chroot, with /proc and /dev mounted: the reference. */
    record RealChroot() implements Confinement {}

    /**
     * The engine's F1 mode, with /proc and /dev bound.
     *
     * @param program the native program
     * @param binds further {@code HOST:GUEST} binds
     * @param wrapper a command in front of the engine, such as a system-call recorder; usually empty
     */
    record Engine(Path program, List<String> binds, List<String> wrapper) implements Confinement {
        public Engine {
            binds = List.copyOf(binds);
            wrapper = List.copyOf(wrapper);
        }

        List<String> commandLine(Path tree, GuestCommand guest) {
            List<String> line = new ArrayList<>(wrapper);
            line.addAll(List.of(program.toString(), "run", "--mode=F1", "--root=" + tree));
            line.addAll(List.of("--bind=/proc:/proc", "--bind=/dev:/dev"));
            binds.forEach(bind -> line.add("--bind=" + bind));
            line.addAll(List.of("--cwd=" + GuestCommand.WORKDIR, "--clear-env"));
            guest.environment().forEach((name, value) -> line.add("--env=" + name + "=" + value));
            line.add("--");
            line.addAll(guest.argv());
            return line;
        }
    }
}
