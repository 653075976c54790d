package dev.coracle.layers.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coracle.layers.Digest;
import dev.coracle.layers.DigestedStream;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.blob.Descriptor;
import dev.coracle.layers.manifest.Manifest;
import dev.coracle.layers.manifest.Manifest.ImageManifest;
import dev.coracle.layers.manifest.Manifest.Index;
import dev.coracle.layers.manifest.Manifest.Schema1;
import dev.coracle.layers.manifest.ManifestDocument;
import dev.coracle.layers.store.ImageContent.Layer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One tag's directory: a file {@code TAG} makes it one, {@code v2} or {@code v1} says how it is to be read. */
final class TagDirectory {
    static final String TAG = "TAG";
    static final String PROTECT = "PROTECT";
    static final String MANIFEST = "manifest";
    static final String NEW_FLAVOUR = "v2";
    static final String OLD_FLAVOUR = "v1";
    static final String ANCESTRY = "ancestry";
    static final String CONTAINER_JSON = "container.json";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LAYER = ".layer";

    private final Path directory;
    private final Path layers;

    TagDirectory(Path directory, Path layers) {
        this.directory = directory;
        this.layers = layers;
    }

    /** The content of the image, whose documents are checked and whose layers are not. */
    ImageContent read() {
        String tried = "read the image in " + directory;
        try {
            return Files.exists(directory.resolve(MANIFEST)) ? newFlavour() : oldFlavour();
        } catch (NoSuchFileException e) {
            if (!Files.exists(directory.resolve(TAG))) {
                throw new LayerException(
                        Kind.NOT_FOUND, tried, "it is not here any more", "somebody else removed it", e);
            }
            throw new LayerException(
                    Kind.CORRUPT, tried, "there is no " + e.getFile(), "remove the image and get it again", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new LayerException(
                    Kind.CORRUPT, tried, String.valueOf(e.getMessage()), "remove the image and get it again", e);
        }
    }

    private ImageContent newFlavour() throws IOException {
        byte[] bytes = Files.readAllBytes(directory.resolve(MANIFEST));
        Manifest manifest = new ManifestDocument("", Digest.sha256(bytes), bytes).parse();
        return switch (manifest) {
            case ImageManifest image -> {
                String config = document(image.config().digest());
                yield new ImageContent(config, Optional.of(image.config().digest()), layers(image, config));
            }
            case Schema1 first ->
                new ImageContent(
                        first.history().getLast(),
                        Optional.empty(),
                        first.layers().stream()
                                .map(digest ->
                                        new Layer(blob(digest.toString()), "", Optional.of(digest), Optional.empty()))
                                .toList());
            case Index index ->
                throw new IllegalArgumentException(
                        "it is an index of " + index.entries().size() + " images");
        };
    }

    private List<Layer> layers(ImageManifest image, String config) throws IOException {
        JsonNode diffIds = JSON.readTree(config).path("rootfs").path("diff_ids");
        if (diffIds.size() != image.layers().size()) {
            throw new IOException("it has " + image.layers().size() + " layers, its configuration " + diffIds.size());
        }
        List<Layer> found = new ArrayList<>();
        for (int i = 0; i < diffIds.size(); i++) {
            Descriptor layer = image.layers().get(i);
            found.add(new Layer(
                    blob(layer.digest().toString()),
                    layer.mediaType(),
                    Optional.of(layer.digest()),
                    Optional.of(Digest.parse(diffIds.get(i).asText()))));
        }
        return found;
    }

    /** As udocker keeps what it loads and imports: layers by ids, which are no digests. */
    private ImageContent oldFlavour() throws IOException {
        List<Layer> found = new ArrayList<>();
        String config = "{}";
        if (Files.exists(directory.resolve(CONTAINER_JSON))) {
            config = Files.readString(directory.resolve(CONTAINER_JSON));
        }
        JsonNode diffIds = JSON.readTree(config).path("rootfs").path("diff_ids");
        JsonNode ids = JSON.readTree(Files.readAllBytes(directory.resolve(ANCESTRY)));
        for (int i = ids.size() - 1; i >= 0; i--) {
            int level = ids.size() - 1 - i;
            Optional<Digest> diffId = diffIds.size() == ids.size()
                    ? Optional.of(Digest.parse(diffIds.get(level).asText()))
                    : Optional.empty();
            found.add(new Layer(blob(ids.get(i).asText() + LAYER), "", Optional.empty(), diffId));
        }
        return new ImageContent(config, Optional.empty(), found);
    }

    /** Blobs are looked for in the one place of blobs: a link of a tag could lead anywhere. */
    private Path blob(String name) {
        Path file = layers.resolve(name);
        if (!layers.equals(file.getParent())) {
            throw new IllegalArgumentException("it names a blob outside of the repository: " + name);
        }
        return file;
    }

    private String document(Digest digest) throws IOException {
        byte[] bytes = Files.readAllBytes(blob(digest.toString()));
        Digest actual = Digest.of(digest.algorithm(), bytes);
        if (!actual.equals(digest)) {
            throw DigestedStream.mismatch("the configuration", "digest", digest.toString(), actual.toString());
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The names of the blobs that the tag's links stand for. */
    List<String> links() throws IOException {
        List<String> names = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(directory, Files::isSymbolicLink)) {
            for (Path link : entries) {
                names.add(String.valueOf(Files.readSymbolicLink(link).getFileName()));
            }
        }
        return names;
    }

    /**
     * Makes links, manifest and mark, in the order in which each moment is a whole image, the old one or the new.
     *
     * @param place where the directory is going to be when it is not there yet
     */
    void write(Path place, byte[] manifest, List<Digest> blobs, String mark) throws IOException {
        for (Digest blob : blobs) {
            WholeFiles.link(directory.resolve(blob.toString()), place.relativize(layers.resolve(blob.toString())));
        }
        WholeFiles.write(directory.resolve(MANIFEST), manifest);
        if (!Files.exists(directory.resolve(NEW_FLAVOUR))) {
            WholeFiles.write(directory.resolve(NEW_FLAVOUR), "");
        }
        Files.deleteIfExists(directory.resolve(OLD_FLAVOUR));
        WholeFiles.write(directory.resolve(TAG), mark);
    }
}
