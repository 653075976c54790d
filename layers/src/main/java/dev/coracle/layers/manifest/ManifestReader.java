package dev.coracle.layers.manifest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.coracle.layers.Digest;
import dev.coracle.layers.blob.Descriptor;
import dev.coracle.layers.manifest.Manifest.Entry;
import dev.coracle.layers.manifest.Manifest.ImageManifest;
import dev.coracle.layers.manifest.Manifest.Index;
import dev.coracle.layers.manifest.Manifest.Schema1;
import dev.coracle.layers.reference.Platform;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Reads manifests strictly: what could be taken for two things is refused. */
final class ManifestReader {
    private static final ObjectMapper JSON = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(64).build())
                    .build())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final int ENTRIES_MAX = 10_000;
    private static final String UNKNOWN = "unknown";

    private final String sent;

    ManifestReader(String mediaType) {
        this.sent = mediaType;
    }

    Manifest read(byte[] bytes) {
        JsonNode root = tree(bytes);
        String type = type(root);
        boolean listed = root.has("manifests");
        boolean layered = root.has("layers");
        if (listed == layered && !root.has("fsLayers")) {
            throw new IllegalArgumentException("it is neither a manifest nor an index");
        }
        return switch (type) {
            case MediaTypes.OCI_INDEX, MediaTypes.DOCKER_LIST -> index(root);
            case MediaTypes.OCI_MANIFEST, MediaTypes.DOCKER_MANIFEST -> image(root);
            case MediaTypes.SCHEMA1, MediaTypes.SIGNED_SCHEMA1 -> first(root);
            default -> throw new IllegalArgumentException("manifests of the kind " + type + " are not images");
        };
    }

    private static JsonNode tree(byte[] bytes) {
        try {
            JsonNode root = JSON.readTree(bytes);
            if (root.isObject()) {
                return root;
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("it is not JSON", e);
        }
        throw new IllegalArgumentException("it is not a JSON object");
    }

    /** What it is: the document's own word, then the sender's, then its shape. */
    private String type(JsonNode root) {
        String own = root.path("mediaType").asText("");
        boolean telling = MediaTypes.MANIFESTS.contains(sent);
        if (!own.isEmpty() && telling && !own.equals(sent)) {
            throw new IllegalArgumentException("it says it is " + own + ", its sender says " + sent);
        } else if (!own.isEmpty()) {
            return own;
        } else if (telling) {
            return sent;
        } else if (root.path("schemaVersion").asInt() == 1) {
            return MediaTypes.SCHEMA1;
        }
        return root.has("manifests") ? MediaTypes.OCI_INDEX : MediaTypes.OCI_MANIFEST;
    }

    private static Index index(JsonNode root) {
        List<Entry> entries = new ArrayList<>();
        for (JsonNode each : array(root, "manifests")) {
            Descriptor descriptor = descriptor(each);
            JsonNode platform = each.path("platform");
            String os = platform.path("os").asText("");
            String architecture = platform.path("architecture").asText("");
            boolean image = MediaTypes.MANIFESTS.contains(descriptor.mediaType());
            boolean about = os.equals(UNKNOWN) && architecture.equals(UNKNOWN);
            if (image && !about) {
                Optional<Platform> known = os.isEmpty() || architecture.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Platform(
                                os, architecture, platform.path("variant").asText("")));
                entries.add(new Entry(descriptor, known));
            }
        }
        return new Index(entries);
    }

    private static ImageManifest image(JsonNode root) {
        Descriptor config = descriptor(root.path("config"));
        boolean runnable = config.mediaType().equals(MediaTypes.OCI_CONFIG)
                || config.mediaType().equals(MediaTypes.DOCKER_CONFIG)
                // What early tools wrote.
                || config.mediaType().equals("application/octet-stream");
        if (!runnable) {
            throw new IllegalArgumentException(
                    "it is an artifact of the kind " + config.mediaType() + ", not an image");
        }
        List<Descriptor> layers = new ArrayList<>();
        for (JsonNode each : array(root, "layers")) {
            Descriptor layer = descriptor(each);
            if (!layer.mediaType().contains(".tar") || layer.mediaType().endsWith("+encrypted")) {
                throw new IllegalArgumentException(
                        "a layer is of the kind " + layer.mediaType() + ", which is not a file system");
            }
            layers.add(layer);
        }
        return new ImageManifest(config, layers);
    }

    private static Schema1 first(JsonNode root) {
        JsonNode blobs = array(root, "fsLayers");
        JsonNode history = array(root, "history");
        if (blobs.size() != history.size()) {
            throw new IllegalArgumentException("it has " + blobs.size() + " layers and tells of " + history.size());
        }
        List<Digest> layers = new ArrayList<>();
        List<String> stories = new ArrayList<>();
        for (int i = 0; i < blobs.size(); i++) {
            String story = history.get(i).path("v1Compatibility").asText("");
            stories.add(story);
            if (!tree(story.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                    .path("throwaway")
                    .asBoolean()) {
                layers.add(Digest.parse(blobs.get(i).path("blobSum").asText("")));
            }
        }
        Collections.reverse(layers);
        Collections.reverse(stories);
        return new Schema1(layers, stories);
    }

    private static JsonNode array(JsonNode root, String field) {
        JsonNode array = root.path(field);
        if (!array.isArray() || array.size() > ENTRIES_MAX) {
            throw new IllegalArgumentException("its " + field + " are not a list of reasonable length");
        }
        return array;
    }

    private static Descriptor descriptor(JsonNode node) {
        return new Descriptor(
                node.path("mediaType").asText(""),
                Digest.parse(node.path("digest").asText("")),
                node.path("size").asLong(-1));
    }
}
