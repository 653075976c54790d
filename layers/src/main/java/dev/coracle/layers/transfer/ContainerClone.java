package dev.coracle.layers.transfer;

import dev.coracle.engines.TreeRemoval;
import dev.coracle.layers.Compression;
import dev.coracle.layers.FileProblem;
import dev.coracle.layers.HeldModes;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.Progress;
import dev.coracle.layers.TreeArchive;
import dev.coracle.layers.Unpacker;
import dev.coracle.layers.linux.CurrentProcess;
import dev.coracle.layers.store.Container;
import dev.coracle.layers.store.ContainerStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Whole containers as archives, as udocker's {@code export --clone} writes them: the tree and what is noted beside it. */
public final class ContainerClone {
    private static final String ROOT = "ROOT";
    private static final String UNNOTED = "IMPORTED:unknown";

    private ContainerClone() {}

    /**
     * Writes a container.
     *
     * @param out stays open; what was written to it is of no use when this fails
     * @throws LayerException when it cannot be read or the stream fails
     */
    public static void write(Container container, OutputStream out, Progress progress) {
        TreeArchive.export(container.directory(), out, progress);
    }

    /**
     * Makes a container of what was written.
     *
     * @throws LayerException when it is no clone, is damaged, or a name is taken; then nothing of it can be seen
     */
    public static Container read(
            InputStream archive, ContainerStore containers, List<String> names, Progress progress) {
        return containers.make(UNNOTED, names, directory -> {
            // In a directory of its own: nothing in the archive can take the place of what marks the one around it.
            Path inside = Files.createDirectory(directory.resolve(".clone"));
            unpack(archive, inside, progress);
            check(inside);
            for (Path each : entries(inside)) {
                if (!String.valueOf(each.getFileName()).startsWith(".")) {
                    Files.move(each, directory.resolve(each.getFileName()), StandardCopyOption.ATOMIC_MOVE);
                }
            }
            TreeRemoval.remove(inside);
            return directory;
        });
    }

    private static void unpack(InputStream archive, Path into, Progress progress) {
        HeldModes held = CurrentProcess.isRoot() ? HeldModes.forUse(true) : HeldModes.none();
        try (Unpacker unpacker = Unpacker.into(into, held)) {
            InputStream plain = Compression.open(archive);
            unpacker.tree(plain, "the clone");
            Compression.finish(plain);
            unpacker.finish().skipped().forEach(progress::note);
        } catch (IOException e) {
            throw refused(e);
        }
    }

    /** What is noted beside the tree are files: a link would be followed to wherever its maker wants. */
    private static void check(Path inside) throws IOException {
        if (!Files.isDirectory(inside.resolve(ROOT), LinkOption.NOFOLLOW_LINKS)) {
            throw refused(new IOException("it holds no directory " + ROOT));
        }
        for (Path each : entries(inside)) {
            if (Files.isSymbolicLink(each)) {
                throw refused(new IOException("beside its tree lies a link, " + each.getFileName()));
            }
        }
    }

    private static List<Path> entries(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.sorted().toList();
        }
    }

    private static LayerException refused(IOException cause) {
        return new LayerException(
                Kind.CORRUPT,
                "import a clone",
                FileProblem.of(cause),
                "clones are written by export --clone; import trees without",
                cause);
    }
}
