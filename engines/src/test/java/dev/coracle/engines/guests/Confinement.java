package dev.coracle.engines.guests;

import dev.coracle.engines.Mode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A way to keep a guest inside a tree. */
public sealed interface Confinement {

    /** The kernel's own chroot, with /proc and /dev mounted: the reference. */
    record RealChroot() implements Confinement {}

    /** None: the command is one of the host's own, and the tree only one of its words. */
    record OfTheHost() implements Confinement {}

    /**
     * The engine, with /proc and /dev bound.
     *
     * @param program the native program
     * @param mode F1, or F3 with the index beside the tree
     * @param binds further {@code HOST:GUEST} binds
     * @param wrapper a command in front of the engine, such as a system-call recorder; usually empty
     * @param options further options of the engine; usually empty
     */
    record Engine(Path program, Mode mode, List<String> binds, List<String> wrapper, List<String> options)
            implements Confinement {
        public Engine {
            binds = List.copyOf(binds);
            wrapper = List.copyOf(wrapper);
            options = List.copyOf(options);
        }

        /** Without further options. */
        public Engine(Path program, Mode mode, List<String> binds, List<String> wrapper) {
            this(program, mode, binds, wrapper, List.of());
        }

        List<String> commandLine(Path tree, GuestCommand guest) {
            List<String> line = new ArrayList<>(wrapper);
            line.addAll(List.of(program.toString(), "run", "--mode=" + mode, "--root=" + tree));
            binds.forEach(bind -> line.add("--bind=" + bind));
            line.addAll(options);
            line.addAll(usual(guest));
            return line;
        }
    }

    /**
     * The kernel's overlayfs over the tree, mounted for each guest, and a chroot into it.
     *
     * @param above further lower directories, which lie over the tree, from the top
     * @param place a directory for the upper directory and what else the kernel wants; kept from one guest to the next
     */
    record KernelOverlay(List<Path> above, Path place) implements Confinement {
        public KernelOverlay {
            above = List.copyOf(above);
        }

        /** In the words of {@code starter.pl}: options of the mount, a blank, and where it is mounted. */
        String mount(Path tree) {
            String lower = Stream.concat(above.stream(), Stream.of(tree))
                    .map(Path::toString)
                    .collect(Collectors.joining(":"));
            List.of("upper", "work", "merged")
                    .forEach(name ->
                            HostTools.require("mkdir", "-p", place.resolve(name).toString()));
            return "lowerdir=%s,upperdir=%s,workdir=%s %s"
                    .formatted(lower, place.resolve("upper"), place.resolve("work"), place.resolve("merged"));
        }
    }

    /**
     * The engine with an upper directory over the tree.
     *
     * @param above further lower directories, which lie over the tree, from the top
     * @param upper takes what changes; kept from one guest to the next
     * @param wrapper a command in front of the engine; usually empty
     */
    record EngineOverlay(Path program, List<Path> above, Path upper, List<String> wrapper) implements Confinement {
        public EngineOverlay {
            above = List.copyOf(above);
            wrapper = List.copyOf(wrapper);
        }

        List<String> commandLine(Path tree, GuestCommand guest) {
            List<String> line = new ArrayList<>(wrapper);
            line.addAll(List.of(program.toString(), "run", "--upper=" + upper));
            above.forEach(lower -> line.add("--lower=" + lower));
            line.add("--lower=" + tree);
            line.addAll(usual(guest));
            return line;
        }
    }

    private static List<String> usual(GuestCommand guest) {
        List<String> line = new ArrayList<>(List.of("--bind=/proc:/proc", "--bind=/dev:/dev"));
        guest.binds().forEach(bind -> line.add("--bind=" + bind));
        line.addAll(List.of("--cwd=" + GuestCommand.WORKDIR, "--clear-env"));
        guest.environment().forEach((name, value) -> line.add("--env=" + name + "=" + value));
        line.add("--");
        line.addAll(guest.argv());
        return line;
    }
}
