package dev.coracle.layers;

import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.linux.ErrnoException;
import dev.coracle.layers.tar.TarEntry;
import dev.coracle.layers.tar.TarReader;
import dev.coracle.layers.tar.TarType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Turns tar streams into one tree below a directory. Names that leave the tree and links that would be written through
 * end it with {@link Kind#REFUSED}; device nodes are left out and reported, unless the tree has a table of owners for them. Not for use by several threads.
 */
public final class Unpacker implements AutoCloseable {
    private final TreeWriter tree;
    private final Path top;
    private boolean begun;

    private Unpacker(TreeWriter tree, Path top) {
        this.tree = tree;
        this.top = top;
    }

    /**
     * Begins a tree in a directory that exists and is empty.
     *
     * @throws LayerException when the directory cannot be opened
     */
    public static Unpacker into(Path directory) {
        return into(directory, HeldModes.none());
    }

    /** As above, with a say in which modes are set. */
    public static Unpacker into(Path directory, HeldModes held) {
        try {
            return new Unpacker(new TreeWriter(directory, held), directory);
        } catch (IOException e) {
            throw failure("unpack into " + directory, e);
        }
    }

    /**
     * Applies an uncompressed layer of an image on top of what is there: whiteouts remove.
     *
     * @param shown what a person would call the layer, for messages
     * @throws LayerException when the layer is damaged, tries to leave the tree, or cannot be written
     */
    public void layer(InputStream tar, String shown) {
        Whiteouts whiteouts = new Whiteouts(tree, begun);
        entries(tar, shown, Optional.of(whiteouts));
    }

    /**
     * Unpacks an uncompressed archive literally.
     *
     * @param shown what a person would call the archive, for messages
     * @throws LayerException when it is damaged, tries to leave the tree, or cannot be written
     */
    public void tree(InputStream tar, String shown) {
        entries(tar, shown, Optional.empty());
    }

    /**
     * Gives directories their final modes and times and says what was done; nothing may be unpacked afterwards.
     *
     * @throws LayerException when the file system refuses
     */
    public UnpackReport finish() {
        try {
            return tree.finish();
        } catch (IOException e) {
            throw failure("finish " + top, e);
        }
    }

    @SuppressWarnings("OptionalUsedAsFieldOrParameterType")
    private void entries(InputStream tar, String shown, Optional<Whiteouts> whiteouts) {
        begun = true;
        Optional<EntryName> at = Optional.empty();
        // The stream itself belongs to the caller, who still checks its digest.
        try (ReadAhead ahead = new ReadAhead(tar)) {
            TarReader archive = new TarReader(ahead);
            for (Optional<TarEntry> next = archive.next(); next.isPresent(); next = archive.next()) {
                TarEntry entry = next.get();
                EntryName name = EntryName.parse(entry.name());
                at = Optional.of(name);
                if (whiteouts.isPresent() && whiteouts.get().apply(name)) {
                    continue;
                }
                write(name, entry, archive.content());
                whiteouts.ifPresent(each -> each.wrote(name));
            }
            ahead.drain();
        } catch (IOException | IllegalArgumentException e) {
            throw failure("unpack " + at.map(name -> name + " of ").orElse("") + shown, e);
        }
    }

    private void write(EntryName name, TarEntry entry, InputStream content) throws IOException {
        if (entry.type() == TarType.DIRECTORY) {
            tree.directory(name, metadata(entry));
            return;
        }
        if (name.isTop()) {
            throw new IOException("the top of the tree is not a directory");
        }
        switch (entry.type()) {
            case FILE -> tree.file(name, metadata(entry), entry.content(), content);
            case HARD_LINK -> hardLink(name, EntryName.parse(entry.target()));
            case SYMLINK -> tree.symlink(name, metadata(entry), entry.target());
            case FIFO -> tree.fifo(name, metadata(entry));
            case CHARACTER_DEVICE, BLOCK_DEVICE -> {
                boolean block = entry.type() == TarType.BLOCK_DEVICE;
                tree.device(name, metadata(entry), new Device(block, entry.major(), entry.minor()));
            }
            case DIRECTORY, OTHER -> tree.skip(name + ": entry of unknown type " + entry.flag() + " left out");
        }
    }

    private void hardLink(EntryName name, EntryName existing) throws IOException {
        if (existing.isTop()) {
            throw new IOException("a hard link to the top of the tree");
        }
        try {
            tree.hardLink(name, existing);
        } catch (ErrnoException e) {
            if (e.errno() == ErrnoException.ENOENT) {
                throw new IOException("a hard link to " + existing + ", which is not in the tree", e);
            }
            throw e;
        }
    }

    private static Metadata metadata(TarEntry entry) throws IOException {
        return new Metadata(entry.mode(), new Owner(entry.user(), entry.group()), entry.modified(), entry.attributes());
    }

    /** The file system's refusals are its own; everything else that fails here is the archive's fault. */
    private static LayerException failure(String tried, Exception cause) {
        if (cause instanceof ErrnoException e) {
            String advice = e.errno() == ErrnoException.ENOSPC ? "make room or use a larger /tmp" : "";
            return new LayerException(Kind.IO, tried, e.getMessage() + "", advice, e);
        }
        String happened = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return new LayerException(
                Kind.CORRUPT, tried, happened, "the archive is damaged, get it again or build it again", cause);
    }

    @Override
    public void close() {
        try {
            tree.close();
        } catch (IOException e) {
            throw failure("finish " + top, e);
        }
    }
}
