package dev.coracle.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A way to run a command inside a tree: its column's name and the words before the command. */
record Contender(String name, List<String> prefix) {
    Contender {
        prefix = List.copyOf(prefix);
    }

    /** The reference, to which ratios are given. */
    static Contender chroot(Path tree) {
        return new Contender("chroot", List.of("chroot", tree.toString()));
    }

    /** The engine in mode F1 or F3. */
    static Contender engine(String mode, Path engine, Path tree) {
        return new Contender(mode, List.of(engine.toString(), "run", "--mode=" + mode, "--root=" + tree, "--"));
    }

    /** A program of the machine that does a similar thing. */
    static Contender peer(String name, Path tree) {
        return switch (name) {
            case "fakechroot" -> new Contender(name, List.of("fakechroot", "chroot", tree.toString()));
            case "proot" -> new Contender(name, List.of("proot", "-r", tree.toString(), "-w", "/"));
            default -> throw new BenchException("no such column: " + name + "; known are fakechroot and proot");
        };
    }

    List<String> run(List<String> command) {
        List<String> words = new ArrayList<>(prefix);
        words.addAll(command);
        return words;
    }
}
