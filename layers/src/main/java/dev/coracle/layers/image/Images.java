package dev.coracle.layers.image;

import dev.coracle.layers.Architecture;
import dev.coracle.layers.Digest;
import dev.coracle.layers.FileProblem;
import dev.coracle.layers.ImageConfig;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds the wanted image in a layout or an archive. */
public final class Images {
    private Images() {}

    /**
     * Opens an OCI layout and selects by tag and architecture.
     *
     * @param scratch an existing directory for what has to be decompressed to be read
     * @throws LayerException when it is missing, damaged, or holds no such image
     */
    public static Image open(ImageSource.Oci source, Architecture architecture, Path scratch) {
        return open(source.path(), scratch, files -> new OciLayout(files).find(source.tag(), architecture));
    }

    /** Opens a {@code docker save} archive of any age and selects by reference; as above. */
    public static Image open(ImageSource.DockerArchive source, Architecture architecture, Path scratch) {
        return open(source.path(), scratch, files -> new DockerArchives(files).find(source.reference(), architecture));
    }

    /**
     * An image whose layers lie in one directory as blobs that were checked when they got there.
     *
     * @param layers lowest first; what is in them is compared with the digest, where there is one, while they are applied
     */
    public static Image of(Path directory, ImageConfig config, List<StoredLayer> layers) {
        List<LayerBlob> blobs = layers.stream()
                .map(layer -> new LayerBlob(layer.name(), Optional.empty(), layer.diffId()))
                .toList();
        return new Image(new DirectoryFiles(directory), new Image.Found(config, blobs));
    }

    /**
     * What a configuration says about running its image.
     *
     * @throws LayerException when the text is no JSON
     */
    public static ImageConfig config(String json) {
        try {
            return Documents.parse(json);
        } catch (IOException e) {
            throw failure("read an image's configuration", e);
        }
    }

    /**
     * A layer among blobs.
     *
     * @param name its file
     * @param diffId digest of what is in it, when that is known
     */
    public record StoredLayer(String name, Optional<Digest> diffId) {}

    private interface Finder {
        Image.Found find(ImageFiles files) throws IOException;
    }

    private static Image open(Path path, Path scratch, Finder finder) {
        String tried = "open the image " + path;
        try {
            ImageFiles files = Files.isDirectory(path) ? new DirectoryFiles(path) : ArchiveFiles.open(path, scratch);
            return found(files, finder);
        } catch (IOException | IllegalArgumentException e) {
            throw failure(tried, e);
        }
    }

    private static Image found(ImageFiles files, Finder finder) throws IOException {
        try {
            return new Image(files, finder.find(files));
        } catch (IOException | RuntimeException e) {
            files.close();
            throw e;
        }
    }

    static LayerException failure(String tried, Exception cause) {
        if (cause instanceof NoSuchFileException e) {
            return new LayerException(
                    Kind.NOT_FOUND, tried, FileProblem.of(e), "check the path and the kind of source", e);
        }
        return new LayerException(
                Kind.CORRUPT,
                tried,
                cause instanceof IOException e ? FileProblem.of(e) : String.valueOf(cause.getMessage()),
                "check the kind of source, or get the file again",
                cause);
    }

    /** The one message for an image that is not there, with what is there instead. */
    static LayerException missing(ImageFiles files, String wanted, Iterable<String> present) {
        return new LayerException(
                Kind.NOT_FOUND,
                "find an image in " + files.shown(),
                "there is none " + wanted,
                "there are: " + String.join(", ", present));
    }

    /** The one message for a choice that the request leaves open. */
    static LayerException ambiguous(ImageFiles files, Iterable<String> present) {
        return new LayerException(
                Kind.INVALID_REQUEST,
                "find an image in " + files.shown(),
                "it holds several images",
                "name one of: " + String.join(", ", present));
    }
}
