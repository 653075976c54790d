package dev.coracle.layers;

import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.linux.ErrnoException;
import dev.coracle.layers.linux.OpenDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reaches directories of a tree without following links: in one call where the kernel has one that promises it, else component by
 * component. Directories on the way to the last one stay open, because neighbours in an archive are neighbours in the tree.
 */
final class DirectoryWalk implements AutoCloseable {
    private final OpenDirectory top;
    private final List<String> names = new ArrayList<>();
    private final List<Reached> open = new ArrayList<>();
    private final Consumer<EntryName> created;
    private final boolean leaping;

    /** A directory that is open, and how many components lead to it. */
    private record Reached(int depth, OpenDirectory directory) {}

    /** @param created hears of each directory that had to be made because no entry described it */
    DirectoryWalk(Path top, Consumer<EntryName> created) throws IOException {
        this(top, created, true);
    }

    /** @param leaping shall the kernel be asked for several components at once? */
    DirectoryWalk(Path top, Consumer<EntryName> created, boolean leaping) throws IOException {
        this.top = OpenDirectory.open(top);
        this.created = created;
        this.leaping = leaping;
    }

    /** The directory of that name, made when it is missing; valid until the next call. */
    OpenDirectory reach(EntryName directory) throws IOException {
        int shared = 0;
        List<String> wanted = directory.parts();
        while (shared < names.size()
                && shared < wanted.size()
                && names.get(shared).equals(wanted.get(shared))) {
            shared++;
        }
        closeFrom(shared);
        leap(wanted);
        for (int depth = names.size(); depth < wanted.size(); depth++) {
            OpenDirectory child = enter(current(), directory, depth);
            names.add(wanted.get(depth));
            open.add(new Reached(names.size(), child));
        }
        return current();
    }

    /** Goes all of the way at once, or nowhere: whatever is in the way, the steps tell best. */
    private void leap(List<String> wanted) {
        List<String> rest = wanted.subList(names.size(), wanted.size());
        if (leaping && rest.size() > 1) {
            current().openBelow(rest).ifPresent(directory -> {
                names.addAll(rest);
                open.add(new Reached(names.size(), directory));
            });
        }
    }

    private OpenDirectory enter(OpenDirectory parent, EntryName directory, int depth) throws IOException {
        String name = directory.parts().get(depth);
        try {
            return parent.openChild(name);
        } catch (ErrnoException e) {
            EntryName reached = new EntryName(directory.parts().subList(0, depth + 1));
            return switch (e.errno()) {
                case ErrnoException.ENOENT -> make(parent, name, reached);
                case ErrnoException.ENOTDIR, ErrnoException.ELOOP ->
                    throw new LayerException(
                            Kind.REFUSED,
                            "unpack below " + reached,
                            reached + " is a link or a file of the tree, and nothing is written through it",
                            "the image is hostile or damaged, do not use it",
                            e);
                default -> throw e;
            };
        }
    }

    private OpenDirectory make(OpenDirectory parent, String name, EntryName reached) throws IOException {
        parent.makeDirectory(name);
        created.accept(reached);
        return parent.openChild(name);
    }

    /** Lets go of everything: what was open may be about to be removed. */
    void restart() throws IOException {
        closeFrom(0);
    }

    private OpenDirectory current() {
        return open.isEmpty() ? top : open.getLast().directory();
    }

    private void closeFrom(int depth) throws IOException {
        while (!open.isEmpty() && open.getLast().depth() > depth) {
            open.removeLast().directory().close();
        }
        int kept = open.isEmpty() ? 0 : open.getLast().depth();
        names.subList(kept, names.size()).clear();
    }

    @Override
    public void close() throws IOException {
        try (top) {
            closeFrom(0);
        }
    }
}
