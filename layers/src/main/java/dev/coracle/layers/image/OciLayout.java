package dev.coracle.layers.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.coracle.layers.Architecture;
import dev.coracle.layers.Digest;
import dev.coracle.layers.ImageConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** An image layout of the OCI specification: {@code oci-layout}, {@code index.json} and {@code blobs/}. */
final class OciLayout {
    private static final String TAG = "org.opencontainers.image.ref.name";
    private static final String FULL_NAME = "io.containerd.image.name";
    private static final int NESTING_MAX = 8;

    private final ImageFiles files;
    private final Documents documents;

    /** A manifest and the platform that an index gave it, {@code os/architecture}; empty when none did. */
    private record Leaf(JsonNode descriptor, String platform) {}

    OciLayout(ImageFiles files) {
        this.files = files;
        this.documents = new Documents(files);
    }

    Image.Found find(Optional<String> tag, Architecture architecture) throws IOException {
        String version = documents.read("oci-layout").path("imageLayoutVersion").asText();
        if (!version.startsWith("1.")) {
            throw new IOException("oci-layout has the unknown version " + version);
        }
        List<JsonNode> tagged = tagged(tag);
        List<Leaf> leaves = new ArrayList<>();
        for (JsonNode descriptor : tagged) {
            collect(descriptor, leaves, 0);
        }
        String platform = "linux/" + architecture.imageName();
        List<Leaf> fitting = new ArrayList<>();
        TreeSet<String> platforms = new TreeSet<>();
        for (Leaf leaf : leaves) {
            String actual = platform(leaf);
            platforms.add(actual);
            if (actual.equals(platform)) {
                fitting.add(leaf);
            }
        }
        if (fitting.isEmpty()) {
            throw Images.missing(files, "for " + platform, platforms);
        } else if (fitting.size() > 1 && tagged.size() > 1) {
            throw Images.ambiguous(files, tags());
        }
        return found(fitting.getFirst().descriptor());
    }

    private JsonNode entrance() throws IOException {
        return documents.read("index.json").path("manifests");
    }

    private List<JsonNode> tagged(Optional<String> tag) throws IOException {
        List<JsonNode> matching = new ArrayList<>();
        for (JsonNode descriptor : entrance()) {
            JsonNode annotations = descriptor.path("annotations");
            boolean matches = tag.isEmpty()
                    || tag.get().equals(annotations.path(TAG).asText())
                    || tag.get().equals(annotations.path(FULL_NAME).asText());
            if (matches) {
                matching.add(descriptor);
            }
        }
        if (matching.isEmpty()) {
            throw Images.missing(files, tag.map(each -> "with the tag " + each).orElse("at all"), tags());
        }
        return matching;
    }

    private Set<String> tags() throws IOException {
        TreeSet<String> tags = new TreeSet<>();
        for (JsonNode descriptor : entrance()) {
            tags.add(descriptor.path("annotations").path(TAG).asText("(an image without a tag)"));
        }
        return tags;
    }

    private void collect(JsonNode descriptor, List<Leaf> leaves, int depth) throws IOException {
        String type = descriptor.path("mediaType").asText();
        if (depth > NESTING_MAX) {
            throw new IOException("indexes are nested too deep");
        }
        if (type.endsWith("image.index.v1+json") || type.endsWith("manifest.list.v2+json")) {
            for (JsonNode inner : read(descriptor).path("manifests")) {
                collect(inner, leaves, depth + 1);
            }
        } else if (type.endsWith("image.manifest.v1+json") || type.endsWith("distribution.manifest.v2+json")) {
            JsonNode platform = descriptor.path("platform");
            leaves.add(new Leaf(descriptor, platform.isObject() ? platformOf(platform) : ""));
        }
    }

    private String platform(Leaf leaf) throws IOException {
        return leaf.platform().isEmpty()
                ? platformOf(read(read(leaf.descriptor()).path("config")))
                : leaf.platform();
    }

    private static String platformOf(JsonNode node) {
        return node.path("os").asText("linux") + "/" + node.path("architecture").asText("unknown");
    }

    private JsonNode read(JsonNode descriptor) throws IOException {
        Blob blob = Blob.of(descriptor);
        return documents.read(blob, blob.path());
    }

    private Image.Found found(JsonNode descriptor) throws IOException {
        JsonNode manifest = read(descriptor);
        JsonNode config = read(manifest.path("config"));
        List<String> diffIds = Documents.strings(config.path("rootfs").path("diff_ids"));
        JsonNode layers = manifest.path("layers");
        if (diffIds.size() != layers.size()) {
            throw new IOException("the manifest has " + layers.size() + " layers, its configuration " + diffIds.size());
        }
        List<LayerBlob> blobs = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            String type = layers.get(i).path("mediaType").asText();
            if (!type.contains(".tar") || type.endsWith("+encrypted")) {
                throw new IOException("a layer is of the kind " + type + ", which is not a file system");
            }
            Blob blob = Blob.of(layers.get(i));
            blobs.add(new LayerBlob(blob.path(), Optional.of(blob), Optional.of(Digest.parse(diffIds.get(i)))));
        }
        ImageConfig run = Documents.config(config.path("config"));
        return new Image.Found(run, blobs);
    }
}
