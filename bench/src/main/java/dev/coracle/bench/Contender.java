package dev.coracle.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A way to run a command inside a tree: its column's name and the words before the command. */
record Contender(String name, List<String> prefix) {
    /** What ratios are given to. */
    static final String REFERENCE = "chroot";

    private static final String OTHER_PROOT = "proot:";

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
            case "proot" -> proot(name, List.of("proot"), tree);
            case "proot-alone" -> proot(name, List.of("env", "PROOT_NO_SECCOMP=1", "proot"), tree);
            default -> {
                if (!name.startsWith(OTHER_PROOT)) {
                    throw new BenchException("no such column: " + name
                            + "; known are F1 to F4, P1, P2, fakechroot, proot, proot-alone and proot:PROGRAM");
                }
                yield proot(name, List.of(name.substring(OTHER_PROOT.length())), tree);
            }
        };
    }

    private static Contender proot(String name, List<String> program, Path tree) {
        List<String> words = new ArrayList<>(program);
        words.addAll(List.of("-r", tree.toString(), "-b", "/dev", "-b", "/proc", "-w", "/"));
        return new Contender(name, words);
    }

    List<String> run(List<String> command) {
        List<String> words = new ArrayList<>(prefix);
        words.addAll(command);
        return words;
    }
}
