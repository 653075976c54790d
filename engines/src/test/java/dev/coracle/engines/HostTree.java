package dev.coracle.engines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A tree that has nothing of its own: the host's programs are bound into it, and the places for them are missing. */
public final class HostTree {
    private HostTree() {}

    /** Links that lead to what is bound, where the host has links. */
    public static Path make(Path root) throws IOException {
        Files.createDirectories(root);
        for (Path top : tops().filter(Files::isSymbolicLink).toList()) {
            Files.createSymbolicLink(root.resolve(top.getFileName()), Files.readSymbolicLink(top));
        }
        return root;
    }

    /** The host's programs and their libraries. */
    public static List<Bind> programs() {
        List<Bind> binds = new ArrayList<>();
        tops().filter(top -> Files.isDirectory(top) && !Files.isSymbolicLink(top))
                .forEach(top -> binds.add(Bind.readOnly(top, top.toString())));
        binds.add(Bind.readOnly(Path.of("/etc"), "/etc"));
        return binds;
    }

    private static Stream<Path> tops() {
        return Stream.of("/usr", "/bin", "/sbin", "/lib", "/lib64").map(Path::of);
    }
}
