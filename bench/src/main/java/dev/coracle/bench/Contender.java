package dev.coracle.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A way to run a command inside a tree: its column's name and the words before the command. */
record Contender(String name, List<String> prefix) {
    /** What ratios are given to. */
    static final String REFERENCE = "chroot";

    Contender {
        prefix = List.copyOf(prefix);
    }

    /** The column's name, which is also the word for it in {@code --columns}. */
    static Contender named(String name, Path engine, Path tree) {
        return switch (name) {
            case REFERENCE -> new Contender(name, List.of("chroot", tree.toString()));
            case "F1", "F2", "F3", "F4", "P1", "P2" ->
                new Contender(name, List.of(engine.toString(), "run", "--mode=" + name, "--root=" + tree, "--"));
            case "fakechroot" -> new Contender(name, List.of("fakechroot", "chroot", tree.toString()));
            case "proot" ->
                new Contender(name, List.of("proot", "-r", tree.toString(), "-b", "/dev", "-b", "/proc", "-w", "/"));
            default ->
                throw new BenchException(
                        "no such column: " + name + "; known are F1 to F4, P1, P2, fakechroot and proot");
        };
    }

    List<String> run(List<String> command) {
        List<String> words = new ArrayList<>(prefix);
        words.addAll(command);
        return words;
    }
}
