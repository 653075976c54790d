package dev.coracle.layers.host;

import dev.coracle.layers.EntryName;
import dev.coracle.layers.Metadata;
import dev.coracle.layers.Progress;
import dev.coracle.layers.TreeWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Copies files of this machine to the same place in a tree, with every link on the way kept as a link. */
final class HostCopier {
    private static final int LINKS_MAX = 40;
    private static final Path TOP = Path.of("/");

    private final TreeWriter tree;
    private final Progress.Step step;
    private final Set<Path> copied = new HashSet<>();

    HostCopier(TreeWriter tree, Progress.Step step) {
        this.tree = tree;
        this.step = step;
    }

    /** Copies an absolute path (of a directory only itself) and returns where its links lead. */
    Path add(Path path) throws IOException {
        Path here = TOP;
        Deque<Path> rest = new ArrayDeque<>();
        path.forEach(rest::addLast);
        int links = 0;
        while (!rest.isEmpty()) {
            Path next = here.resolve(rest.removeFirst()).normalize();
            if (!Files.isSymbolicLink(next)) {
                copy(next);
                here = next;
                continue;
            }
            if (++links > LINKS_MAX) {
                throw new IOException(path + " is a circle of links");
            }
            Path target = link(next);
            pushFirst(rest, target);
            here = target.isAbsolute() ? TOP : here;
        }
        return here;
    }

    private static void pushFirst(Deque<Path> rest, Path target) {
        for (int i = target.getNameCount() - 1; i >= 0; i--) {
            rest.addFirst(target.getName(i));
        }
    }

    private Path link(Path link) throws IOException {
        Path target = Files.readSymbolicLink(link);
        if (copied.add(link)) {
            tree.symlink(name(link), metadata(link), bytes(target));
        }
        return target;
    }

    private void copy(Path path) throws IOException {
        if (path.equals(TOP) || !copied.add(path)) {
            return;
        }
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (attributes.isDirectory()) {
            tree.directory(name(path), metadata(path));
        } else if (attributes.isRegularFile()) {
            try (InputStream content = Files.newInputStream(path)) {
                tree.file(name(path), metadata(path), content);
            }
            step.advance(attributes.size());
        } else {
            throw new IOException(path + " is neither a file nor a directory");
        }
    }

    private static EntryName name(Path path) {
        return EntryName.parse(bytes(path));
    }

    /** Tree names are byte strings. */
    private static String bytes(Path path) {
        return new String(path.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static Metadata metadata(Path path) throws IOException {
        Map<String, Object> known = Files.readAttributes(path, "unix:mode,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
        Metadata mode = Metadata.of(((Integer) known.getOrDefault("mode", 0644)) & 07777);
        return new Metadata(
                mode.mode(),
                mode.owner(),
                Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toInstant(),
                mode.attributes());
    }
}
