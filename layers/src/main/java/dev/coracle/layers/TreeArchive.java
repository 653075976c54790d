package dev.coracle.layers;

import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.linux.CurrentProcess;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The {@code tree.tar.zst} of a layer: a whole tree in one deterministic file. */
public final class TreeArchive {
    private TreeArchive() {}

    /**
     * Unpacks an archive into an empty directory, which the caller renames to its place only after success, and the
     * {@link OwnersTable} beside it, if there is one, too.
     *
     * @param expected SHA-256 of the archive file; checked before this method returns
     * @throws LayerException when the archive is damaged, tries to leave the tree, or cannot be written
     */
    public static UnpackReport unpack(Path archive, Digest expected, Path into) {
        return unpack(archive, expected, into, Progress.SILENT);
    }

    /** As above, and says how many of the archive's bytes are done. */
    public static UnpackReport unpack(Path archive, Digest expected, Path into, Progress progress) {
        String tried = "unpack " + archive;
        try (InputStream file = Files.newInputStream(archive);
                Progress.Step step = progress.begin("unpack " + archive.getFileName(), Files.size(archive));
                DigestedStream digested = new DigestedStream(file, expected, step);
                InputStream raw = new BufferedInputStream(digested);
                InputStream tar = Compression.open(raw);
                Unpacker unpacker = Unpacker.into(into, HeldModes.forUse(CurrentProcess.isRoot()))) {
            unpacker.tree(tar, archive.toString());
            digested.verify(archive.toString(), expected);
            return unpacker.finish();
        } catch (NoSuchFileException e) {
            throw new LayerException(Kind.NOT_FOUND, tried, "there is no such file", "build the layer again", e);
        } catch (IOException e) {
            throw new LayerException(Kind.CORRUPT, tried, FileProblem.of(e), "build the layer again", e);
        }
    }

    /**
     * Packs the tree below a directory: names sorted, owners as held (else 0:0), the same bytes for the same tree.
     *
     * @throws LayerException when the tree cannot be read or the archive cannot be written
     */
    public static TreeInfo pack(Path tree, Path archive, Progress progress) {
        return pack(tree, archive, HeldModes.none(), progress);
    }

    /** As above, with the modes that unpacking held back. */
    public static TreeInfo pack(Path tree, Path archive, HeldModes held, Progress progress) {
        try (Progress.Step step = progress.begin("pack " + archive.getFileName(), -1)) {
            TreePacker packed = write(tree, archive, held, step);
            packed.skipped().forEach(progress::note);
            return new TreeInfo(Digest.sha256(archive), Files.size(archive), packed.bytes(), packed.entries());
        } catch (IOException e) {
            throw new LayerException(Kind.IO, "pack " + tree, FileProblem.of(e), "", e);
        }
    }

    /**
     * Writes a tree that was in use as a plain tar, to anywhere: names sorted, owners as they are on the disk for root, else 0:0. What
     * lies on another file system is left out and noted, as are device nodes.
     *
     * @param out stays open; what was written to it is of no use when this fails
     * @throws LayerException when the tree cannot be read or the stream fails
     */
    public static void export(Path tree, OutputStream out, Progress progress) {
        HeldModes held = HeldModes.forUse(CurrentProcess.isRoot());
        try (Progress.Step step = progress.begin("export " + tree, -1);
                TreePacker packer = TreePacker.plain(out, held, step)) {
            packer.pack(tree);
            packer.skipped().forEach(progress::note);
        } catch (IOException e) {
            throw new LayerException(Kind.IO, "export " + tree, FileProblem.of(e), "", e);
        }
    }

    private static TreePacker write(Path tree, Path archive, HeldModes held, Progress.Step step) throws IOException {
        try (TreePacker packer = TreePacker.to(archive, held, step)) {
            packer.pack(tree);
            return packer;
        }
    }
}
