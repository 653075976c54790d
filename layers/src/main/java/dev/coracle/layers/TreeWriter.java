package dev.coracle.layers;

import dev.coracle.layers.linux.Descriptor;
import dev.coracle.layers.linux.ErrnoException;
import dev.coracle.layers.linux.OpenDirectory;
import dev.coracle.layers.tar.SparseMap;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes a tree, one entry after the other, each replacing what has its name. Nothing is ever written through a link,
 * and nothing outside the tree is touched, whatever the names say.
 */
public final class TreeWriter implements AutoCloseable {
    private final PendingDirectories pending = new PendingDirectories();
    private final FileWriters writers = new FileWriters();
    private final DirectoryWalk walk;
    private final List<String> skipped = new ArrayList<>();
    private final Path top;
    private final HeldModes held;
    private final byte[] chunk = new byte[Descriptor.CHUNK];
    private long entries;
    private long bytes;

    /** Begins a tree in an empty directory. */
    public TreeWriter(Path top) throws IOException {
        this(top, HeldModes.none());
    }

    TreeWriter(Path top, HeldModes held) throws IOException {
        this.top = top;
        this.held = held;
        this.walk = new DirectoryWalk(top, made -> pending.describe(made, Metadata.UNDESCRIBED_DIRECTORY));
        // Few images describe their top, and how the caller's directory was made must not show in the tree.
        pending.describe(EntryName.TOP, Metadata.UNDESCRIBED_DIRECTORY);
    }

    /** Makes a directory, or describes the one that is there anew. */
    public void directory(EntryName name, Metadata metadata) throws IOException {
        if (!name.isTop()) {
            makeDirectory(name);
        }
        pending.describe(name, metadata);
        entries++;
    }

    private void makeDirectory(EntryName name) throws IOException {
        try {
            walk.reach(name.parent()).makeDirectory(name.last());
        } catch (ErrnoException e) {
            if (e.errno() != ErrnoException.EEXIST) {
                throw e;
            }
            if (!isDirectory(name)) {
                makeRoom(name).makeDirectory(name.last());
            }
        }
    }

    private boolean isDirectory(EntryName name) throws IOException {
        try {
            walk.reach(name.parent()).openChild(name.last()).close();
            return true;
        } catch (ErrnoException e) {
            return switch (e.errno()) {
                case ErrnoException.ENOENT, ErrnoException.ENOTDIR, ErrnoException.ELOOP -> false;
                default -> throw e;
            };
        }
    }

    /** Writes a regular file from the whole of a stream. */
    public void file(EntryName name, Metadata metadata, InputStream content) throws IOException {
        file(name, metadata, file -> copy(content, file, Long.MAX_VALUE));
    }

    /** Writes a regular file, with its holes, from what is stored of it; a small one is finished a moment later. */
    void file(EntryName name, Metadata metadata, SparseMap map, InputStream stored) throws IOException {
        // What may be refused and only noted is noted in the order of the archive.
        boolean aside = map.size() <= Descriptor.CHUNK && metadata.attributes().isEmpty();
        if (map.hasHoles()) {
            file(name, metadata, file -> fill(file, map, stored));
        } else if (aside) {
            small(name, metadata, stored.readNBytes((int) map.size()));
        } else {
            file(name, metadata, file -> copy(stored, file, map.size()));
        }
    }

    private interface Filling {
        void into(Descriptor file) throws IOException;
    }

    private void file(EntryName name, Metadata metadata, Filling filling) throws IOException {
        try (Descriptor file = createFile(name)) {
            // Only now: making room forgets what was held of the name.
            int mode = held.file(name, metadata);
            filling.into(file);
            describe(file, name, metadata, mode);
        }
        entries++;
    }

    private void small(EntryName name, Metadata metadata, byte[] content) throws IOException {
        Descriptor file = createFile(name);
        int mode = held.file(name, metadata);
        writers.submit(() -> {
            try (file) {
                file.write(content, content.length);
                describe(file, name, metadata, mode);
            }
        });
        bytes += content.length;
        entries++;
    }

    private void fill(Descriptor file, SparseMap map, InputStream stored) throws IOException {
        for (SparseMap.Part part : map.parts()) {
            file.seek(part.offset());
            copy(stored, file, part.length());
        }
        file.setSize(map.size());
    }

    private void copy(InputStream from, Descriptor file, long most) throws IOException {
        long left = most;
        while (left > 0) {
            int read = from.readNBytes(chunk, 0, (int) Math.min(left, chunk.length));
            if (read == 0) {
                return;
            }
            file.write(chunk, read);
            bytes += read;
            left -= read;
        }
    }

    private Descriptor createFile(EntryName name) throws IOException {
        try {
            return walk.reach(name.parent()).createFile(name.last());
        } catch (ErrnoException e) {
            if (e.errno() != ErrnoException.EEXIST) {
                throw e;
            }
            return makeRoom(name).createFile(name.last());
        }
    }

    /** Makes a symbolic link; its target is text, never looked at. */
    public void symlink(EntryName name, Metadata metadata, String target) throws IOException {
        OpenDirectory parent = makeRoom(name);
        parent.makeSymlink(target, name.last());
        held.symlink(name, metadata);
        give(parent, name, metadata);
        parent.setModified(name.last(), metadata.modified());
        entries++;
    }

    /** Makes a named pipe. */
    void fifo(EntryName name, Metadata metadata) throws IOException {
        OpenDirectory parent = makeRoom(name);
        parent.makeFifo(name.last());
        give(parent, name, metadata);
        parent.setMode(name.last(), held.file(name, metadata));
        parent.setModified(name.last(), metadata.modified());
        entries++;
    }

    /** Makes a device node, or what the engine shows as one; leaves it out where neither can be. */
    void device(EntryName name, Metadata metadata, Device device) throws IOException {
        if (!held.givesOwners() && !held.inTable()) {
            skip(name + ": device node left out");
            return;
        }
        OpenDirectory parent = makeRoom(name);
        if (held.givesOwners()) {
            parent.makeDevice(name.last(), device.type(), device.number());
            give(parent, name, metadata);
            parent.setMode(name.last(), metadata.mode());
        } else {
            parent.createFile(name.last()).close();
            parent.setMode(name.last(), 0);
            held.device(name, metadata, device.type(), device.number());
        }
        parent.setModified(name.last(), metadata.modified());
        entries++;
    }

    private void give(OpenDirectory parent, EntryName name, Metadata metadata) throws IOException {
        if (held.givesOwners()) {
            parent.setOwner(
                    name.last(), metadata.owner().user(), metadata.owner().group());
        }
    }

    /** Gives an entry that is in the tree already a second name. */
    void hardLink(EntryName name, EntryName existing) throws IOException {
        entries++;
        if (name.equals(existing)) {
            return;
        }
        held.link(name, existing);
        makeRoom(name);
        // The walk keeps one branch open at a time, so the other end is held open by its own walk.
        try (OpenDirectory from = walk.reach(existing.parent()).reopen()) {
            walk.reach(name.parent()).makeHardLink(from, existing.last(), name.last());
        }
    }

    /** Makes sure that the name is free and its directory exists, and returns that directory. */
    private OpenDirectory makeRoom(EntryName name) throws IOException {
        OpenDirectory parent = walk.reach(name.parent());
        try {
            parent.unlink(name.last());
            return parent;
        } catch (ErrnoException e) {
            return switch (e.errno()) {
                case ErrnoException.ENOENT -> parent;
                case ErrnoException.EISDIR -> {
                    remove(name);
                    yield walk.reach(name.parent());
                }
                default -> throw e;
            };
        }
    }

    /** Removes a name and all below it; nothing happens when it is not there. */
    void remove(EntryName name) throws IOException {
        walk.restart();
        pending.forget(name);
        held.forget(name);
        removeFrom(walk.reach(name.parent()), name.last());
    }

    private static void removeFrom(OpenDirectory parent, String name) throws IOException {
        try {
            parent.unlink(name);
        } catch (ErrnoException e) {
            switch (e.errno()) {
                case ErrnoException.ENOENT -> {}
                case ErrnoException.EISDIR -> removeDirectory(parent, name);
                default -> throw e;
            }
        }
    }

    private static void removeDirectory(OpenDirectory parent, String name) throws IOException {
        try (OpenDirectory directory = parent.openChild(name)) {
            for (String child : directory.names()) {
                removeFrom(directory, child);
            }
        }
        parent.removeDirectory(name);
    }

    /** The names in a directory of the tree; none when it is missing or something else. */
    List<String> namesIn(EntryName directory) throws IOException {
        return directory.isTop() || isDirectory(directory)
                ? walk.reach(directory).names()
                : List.of();
    }

    /** Notes something that was left out. */
    void skip(String sentence) {
        skipped.add(sentence);
    }

    /** Gives directories their final modes and times; nothing may be written afterwards. */
    public UnpackReport finish() throws IOException {
        writers.await();
        for (PendingDirectories.Described each : pending.deepestFirst()) {
            int mode = held.directory(each.name(), each.metadata());
            describe(walk.reach(each.name()).descriptor(), each.name(), each.metadata(), mode);
        }
        if (held.inTable()) {
            writeTable();
        }
        return new UnpackReport(entries, bytes, skipped);
    }

    private void writeTable() throws IOException {
        OwnersTable table = new OwnersTable(walk.reach(EntryName.TOP).status("."));
        for (Map.Entry<String, HeldModes.Held> each : held.all().entrySet()) {
            EntryName name = EntryName.parse(each.getKey());
            OpenDirectory directory = walk.reach(name.isTop() ? name : name.parent());
            table.add(directory.status(name.isTop() ? "." : name.last()), each.getValue());
        }
        table.write(OwnersTable.beside(top));
    }

    private void describe(Descriptor file, EntryName name, Metadata metadata, int mode) throws IOException {
        // First: it takes file capabilities away.
        if (held.givesOwners()) {
            file.setOwner(metadata.owner().user(), metadata.owner().group());
        }
        for (Map.Entry<String, byte[]> attribute : metadata.attributes().entrySet()) {
            try {
                KeptAttributes.set(file, attribute.getKey(), attribute.getValue());
            } catch (ErrnoException e) {
                skip(name + ": attribute " + attribute.getKey() + " left out, " + e.getMessage());
            }
        }
        file.setMode(mode);
        file.setModified(metadata.modified());
    }

    @Override
    public void close() throws IOException {
        try (walk) {
            writers.close();
        }
    }
}
