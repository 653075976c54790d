package dev.coracle.layers.transfer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coracle.layers.Digest;
import dev.coracle.layers.FileProblem;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.blob.Descriptor;
import dev.coracle.layers.manifest.Manifest.ImageManifest;
import dev.coracle.layers.manifest.ManifestDocument;
import dev.coracle.layers.manifest.ManifestWriter;
import dev.coracle.layers.manifest.MediaTypes;
import dev.coracle.layers.store.ImageContent;
import dev.coracle.layers.store.ImageContent.Layer;
import dev.coracle.layers.store.ImageStore;
import dev.coracle.layers.store.StoredImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Writes images of the repository as archives, to anywhere, as they come: nothing is copied on the way. Images that share layers share them
 * in the archive, and each keeps its id.
 */
public final class ImageSave {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MANIFEST = "manifest";

    private final ImageStore images;

    /** Saves from a repository. */
    public ImageSave(ImageStore images) {
        this.images = images;
    }

    private interface Writing {
        void to(PlainTar tar) throws IOException;
    }

    /**
     * Writes what {@code docker load} reads, as do podman and skopeo.
     *
     * @param out stays open; what was written to it is of no use when this fails
     * @throws LayerException when an image is damaged, or the stream fails
     */
    public void docker(List<StoredImage> saved, OutputStream out) {
        write(saved, out, tar -> {
            ArrayNode manifest = JSON.createArrayNode();
            for (StoredImage image : saved) {
                docker(image, tar, manifest.addObject());
            }
            tar.file("manifest.json", bytes(manifest.toString()));
        });
    }

    private void docker(StoredImage image, PlainTar tar, ObjectNode entry) throws IOException {
        ImageContent content = images.content(image);
        List<String> files = new ArrayList<>();
        List<Digest> diffIds = new ArrayList<>();
        for (Layer layer : content.layers()) {
            // Counted before it is written: a tar wants the size first, and the content is stored compressed.
            LayerFacts facts = LayerFacts.of(layer);
            String name = facts.diffId().hex() + ".tar";
            if (!tar.has(name)) {
                try (InputStream in = LayerFacts.open(layer.file())) {
                    tar.file(name, facts.size(), in);
                }
            }
            files.add(name);
            diffIds.add(facts.diffId());
        }
        byte[] config = bytes(withContents(content.config(), diffIds));
        String name = Digest.sha256(config).hex() + ".json";
        tar.file(name, config);
        entry.put("Config", name);
        entry.putArray("RepoTags").add(image.name().toString());
        files.forEach(entry.putArray("Layers")::add);
    }

    /** The configuration as it is; what udocker imported may lack the digests of its layers' contents. */
    private static String withContents(String config, List<Digest> diffIds) throws IOException {
        if (JSON.readTree(config).path("rootfs").path("diff_ids").size() == diffIds.size()
                || !(JSON.readTree(config) instanceof ObjectNode root)) {
            return config;
        }
        ArrayNode list = root.putObject("rootfs").put("type", "layers").putArray("diff_ids");
        diffIds.forEach(each -> list.add(each.toString()));
        return root.toString();
    }

    /** Writes an OCI layout, with manifests and layers as they are stored; as above. */
    public void oci(List<StoredImage> saved, OutputStream out) {
        write(saved, out, tar -> {
            tar.file("oci-layout", bytes("{\"imageLayoutVersion\":\"1.0.0\"}"));
            ObjectNode index = JSON.createObjectNode().put("schemaVersion", 2).put("mediaType", MediaTypes.OCI_INDEX);
            ArrayNode manifests = index.putArray("manifests");
            for (StoredImage image : saved) {
                oci(image, tar, manifests.addObject());
            }
            tar.file("index.json", bytes(index.toString()));
        });
    }

    private void oci(StoredImage image, PlainTar tar, ObjectNode entry) throws IOException {
        ManifestDocument document = manifest(image, tar);
        blob(tar, document.digest(), document.bytes());
        entry.put("mediaType", document.mediaType())
                .put("digest", document.digest().toString())
                .put("size", document.bytes().length);
        entry.putObject("annotations")
                .put("io.containerd.image.name", fullName(image))
                .put("org.opencontainers.image.ref.name", image.name().tag());
    }

    private static String fullName(StoredImage image) {
        return image.name()
                .reference()
                .map(Object::toString)
                .orElse(image.name().toString());
    }

    /** The stored manifest, its blobs written; for udocker's old flavour, one made now. */
    private ManifestDocument manifest(StoredImage image, PlainTar tar) throws IOException {
        ImageContent content = images.content(image);
        List<Descriptor> layers = new ArrayList<>();
        List<Digest> diffIds = new ArrayList<>();
        Path stored = image.directory().resolve(MANIFEST);
        boolean ready = content.configDigest().isPresent() && Files.exists(stored);
        for (Layer layer : content.layers()) {
            long size = Files.size(layer.file());
            Digest digest = layer.digest().isPresent() ? layer.digest().get() : Digest.sha256(layer.file());
            try (InputStream in = Files.newInputStream(layer.file())) {
                tar.file(path(digest), size, in);
            }
            if (!ready) {
                String type = MediaTypes.dockerLayer(LayerFacts.compression(layer.file()));
                layers.add(new Descriptor(type, digest, size));
                diffIds.add(LayerFacts.of(layer).diffId());
            }
        }
        byte[] config = bytes(ready ? content.config() : withContents(content.config(), diffIds));
        Digest digest = content.configDigest().orElseGet(() -> Digest.sha256(config));
        blob(tar, digest, config);
        if (!ready) {
            return ManifestWriter.docker(
                    new ImageManifest(new Descriptor(MediaTypes.DOCKER_CONFIG, digest, config.length), layers));
        }
        byte[] bytes = Files.readAllBytes(stored);
        String own = JSON.readTree(bytes).path("mediaType").asText(MediaTypes.OCI_MANIFEST);
        return new ManifestDocument(own, Digest.sha256(bytes), bytes);
    }

    private static void blob(PlainTar tar, Digest digest, byte[] bytes) throws IOException {
        tar.file(path(digest), bytes);
    }

    private static String path(Digest digest) {
        return "blobs/" + digest.algorithm() + "/" + digest.hex();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void write(List<StoredImage> saved, OutputStream out, Writing writing) {
        TreeMap<String, StoredImage> named = new TreeMap<>();
        saved.forEach(image -> named.put(image.name().toString(), image));
        String tried = "save " + String.join(", ", named.keySet());
        images.use(() -> {
            try (PlainTar tar = new PlainTar(out)) {
                writing.to(tar);
                return named;
            } catch (IOException e) {
                throw new LayerException(Kind.IO, tried, FileProblem.of(e), "make room, or verify the image", e);
            }
        });
    }
}
