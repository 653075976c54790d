package dev.coracle.engines.programs;

import dev.coracle.engines.guests.GuestCommand;
import dev.coracle.engines.guests.GuestTrees;
import dev.coracle.engines.guests.HostTools;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The tree of {@code scripts/test-programs} with a fresh writable layer over it, for one run of one script. It takes gigabytes, so it
 * is mounted (overlayfs) and not copied.
 */
record ProgramTree(Path place) implements AutoCloseable {
    private static final List<String> LAYERS = List.of("programs-maven", "programs-npm", "debian12-programs");

    /** Why there can be none; empty when there can. */
    static Optional<String> whyNone(Path cache) {
        return LAYERS.stream()
                .map(cache::resolve)
                .filter(layer -> !Files.isRegularFile(cache.resolve(layer.getFileName() + ".key")))
                .findFirst()
                .map(layer -> "no programs in " + layer + ": run scripts/test-programs as root");
    }

    /** Mounts it with the script of that name in the guest's first directory. */
    static ProgramTree mount(Path cache, Path place, String script) throws IOException {
        for (String part : List.of("upper", "work", "tree")) {
            Files.createDirectories(place.resolve(part));
        }
        String lower =
                LAYERS.stream().map(layer -> cache.resolve(layer).toString()).collect(Collectors.joining(":"));
        String options =
                "lowerdir=%s,upperdir=%s,workdir=%s".formatted(lower, place.resolve("upper"), place.resolve("work"));
        ProgramTree tree = new ProgramTree(place);
        HostTools.require(
                "mount", "-t", "overlay", "-o", options, "overlay", tree.root().toString());
        Path workdir = Files.createDirectories(tree.root().resolve(GuestCommand.WORKDIR.substring(1)));
        try (InputStream text = ProgramTree.class.getResourceAsStream(script + ".sh")) {
            Files.copy(Objects.requireNonNull(text, script), workdir.resolve("script"));
        }
        return tree;
    }

    Path root() {
        return place.resolve("tree");
    }

    /** The helper that starts guests, on disk. */
    static Path starter(Path scratch) throws IOException {
        Path starter = scratch.resolve("starter.pl");
        try (InputStream text = GuestTrees.class.getResourceAsStream("starter.pl")) {
            Files.copy(Objects.requireNonNull(text, "starter.pl"), starter);
        }
        return starter;
    }

    @Override
    public void close() {
        HostTools.require("umount", root().toString());
        HostTools.require("rm", "-rf", "--one-file-system", place.toString());
    }
}
