package dev.coracle.layers;

import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.linux.ErrnoException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Turns tar streams into one tree below a directory. Names that leave the tree and links that would be written through
 * end it with {@link Kind#REFUSED}; device nodes are left out and reported, unless the tree has a table of owners for them. Not for use by several threads.
 */
public final class Unpacker implements AutoCloseable {
    private final TreeWriter tree;
    private final Path top;

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
        Whiteouts whiteouts = new Whiteouts(tree);
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
        String tried = "unpack " + shown;
        // The stream itself belongs to the caller, who still checks its digest.
        try (ReadAhead ahead = new ReadAhead(tar);
                RawHeaders raw = new RawHeaders(ahead);
                TarArchiveInputStream archive = new TarArchiveInputStream(raw, StandardCharsets.ISO_8859_1.name())) {
            for (TarArchiveEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
                EntryName name = EntryName.parse(name(entry, raw.current()));
                tried = "unpack " + name + " of " + shown;
                if (whiteouts.isPresent() && whiteouts.get().apply(name)) {
                    continue;
                }
                write(name, entry, raw.current(), archive);
                whiteouts.ifPresent(each -> each.wrote(name));
            }
            ahead.drain();
            if (!raw.ended()) {
                throw new IOException("the archive ends before its end mark");
            }
        } catch (IOException | IllegalArgumentException e) {
            throw failure(tried, e);
        }
    }

    private void write(EntryName name, TarArchiveEntry entry, Map<String, String> records, InputStream content)
            throws IOException {
        if (entry.isDirectory()) {
            tree.directory(name, metadata(entry, records));
            return;
        }
        if (name.isTop()) {
            throw new IOException("the top of the tree is not a directory");
        }
        String target = records.getOrDefault("linkpath", entry.getLinkName());
        switch (entry.getLinkFlag()) {
            case TarConstants.LF_NORMAL,
                    TarConstants.LF_OLDNORM,
                    TarConstants.LF_CONTIG,
                    TarConstants.LF_GNUTYPE_SPARSE -> tree.file(name, metadata(entry, records), content);
            case TarConstants.LF_LINK -> hardLink(name, EntryName.parse(target));
            case TarConstants.LF_SYMLINK -> tree.symlink(name, metadata(entry, records), target);
            case TarConstants.LF_FIFO -> tree.fifo(name, metadata(entry, records));
            case TarConstants.LF_CHR, TarConstants.LF_BLK ->
                tree.device(
                        name,
                        metadata(entry, records),
                        new Device(
                                entry.getLinkFlag() == TarConstants.LF_BLK, entry.getDevMajor(), entry.getDevMinor()));
            default -> tree.skip(name + ": entry of unknown type " + (char) entry.getLinkFlag() + " left out");
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

    private static String name(TarArchiveEntry entry, Map<String, String> records) {
        String path = records.getOrDefault("path", entry.getName());
        return records.getOrDefault("GNU.sparse.name", path);
    }

    /** The library keeps the header's numbers in 32 bits with a sign; the kernel's have none. */
    private static Owner owner(TarArchiveEntry entry, Map<String, String> records) {
        return new Owner(
                Long.parseLong(records.getOrDefault("uid", Long.toString(entry.getLongUserId() & 0xffff_ffffL))),
                Long.parseLong(records.getOrDefault("gid", Long.toString(entry.getLongGroupId() & 0xffff_ffffL))));
    }

    private static Metadata metadata(TarArchiveEntry entry, Map<String, String> records) {
        SortedMap<String, byte[]> attributes = new TreeMap<>();
        for (Map.Entry<String, String> record : records.entrySet()) {
            if (record.getKey().startsWith(PaxRecords.ATTRIBUTE)) {
                attributes.put(
                        record.getKey().substring(PaxRecords.ATTRIBUTE.length()),
                        record.getValue().getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        Instant modified = entry.getLastModifiedTime().toInstant();
        return new Metadata(entry.getMode() & 07777, owner(entry, records), modified, attributes);
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
