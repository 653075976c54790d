package dev.coracle.layers.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coracle.layers.Digest;
import dev.coracle.layers.DigestedStream;
import dev.coracle.layers.Progress;
import dev.coracle.layers.blob.Descriptor;
import dev.coracle.layers.manifest.Manifest.ImageManifest;
import dev.coracle.layers.manifest.ManifestDocument;
import dev.coracle.layers.manifest.ManifestWriter;
import dev.coracle.layers.manifest.MediaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The images of what {@code docker save} and its like wrote: with {@code manifest.json}, or in the first form, without. */
final class DockerContents {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Digest UNKNOWN = Digest.sha256(new byte[0]);

    private final Intake intake;

    DockerContents(Intake intake) {
        this.intake = intake;
    }

    List<LoadedImage> images() throws IOException {
        Optional<byte[]> manifest = intake.document("manifest.json");
        if (manifest.isPresent()) {
            List<LoadedImage> images = new ArrayList<>();
            for (JsonNode image : JSON.readTree(manifest.get())) {
                add(image, images);
            }
            return images;
        }
        Optional<byte[]> repositories = intake.document("repositories");
        return repositories.isPresent() ? first(JSON.readTree(repositories.get())) : List.of();
    }

    private void add(JsonNode image, List<LoadedImage> images) throws IOException {
        String name = image.path("Config").asText("");
        byte[] config = intake.document(name)
                .orElseThrow(() -> new IOException("the configuration " + name + " is named and not there"));
        List<Descriptor> layers = new ArrayList<>();
        for (JsonNode layer : image.path("Layers")) {
            layers.add(intake.layer(layer.asText("")));
        }
        checkContents(config, layers);
        ManifestDocument manifest = write(config, layers);
        List<String> names = new ArrayList<>();
        image.path("RepoTags").forEach(tag -> names.add(tag.asText("")));
        if (names.isEmpty()) {
            images.add(new LoadedImage(Optional.empty(), manifest));
        }
        names.forEach(each -> images.add(new LoadedImage(Optional.of(each), manifest)));
    }

    /** Layers that are not compressed must be what the configuration says, which costs nothing to see. */
    private static void checkContents(byte[] config, List<Descriptor> layers) throws IOException {
        JsonNode diffIds = JSON.readTree(config).path("rootfs").path("diff_ids");
        if (diffIds.size() != layers.size()) {
            throw new IOException("it has " + layers.size() + " layers, its configuration " + diffIds.size());
        }
        for (int i = 0; i < layers.size(); i++) {
            Descriptor layer = layers.get(i);
            Digest expected = Digest.parse(diffIds.get(i).asText(""));
            if (layer.mediaType().equals(MediaTypes.DOCKER_LAYER)
                    && !layer.digest().equals(expected)) {
                throw DigestedStream.mismatch(
                        "layer " + (i + 1),
                        "digest",
                        expected.toString(),
                        layer.digest().toString());
            }
        }
    }

    private ManifestDocument write(byte[] config, List<Descriptor> layers) throws IOException {
        return ManifestWriter.docker(new ImageManifest(intake.keep(config, MediaTypes.DOCKER_CONFIG), layers));
    }

    private List<LoadedImage> first(JsonNode repositories) throws IOException {
        List<LoadedImage> images = new ArrayList<>();
        for (Map.Entry<String, JsonNode> repository : repositories.properties()) {
            for (Map.Entry<String, JsonNode> tag : repository.getValue().properties()) {
                ManifestDocument manifest = ancestry(tag.getValue().asText(""));
                images.add(new LoadedImage(Optional.of(repository.getKey() + ":" + tag.getKey()), manifest));
            }
        }
        return images;
    }

    /** Each image of the first form names its parent; digests of contents it has none, so they are taken now. */
    private ManifestDocument ancestry(String top) throws IOException {
        List<Descriptor> layers = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        JsonNode described = JSON.missingNode();
        for (String id = top; !id.isEmpty(); ) {
            String each = id;
            if (!seen.add(each)) {
                throw new IOException("the image " + each + " is its own ancestor");
            }
            JsonNode json = JSON.readTree(intake.document(each + "/json")
                    .orElseThrow(() -> new IOException("the image " + each + " is named and not there")));
            described = layers.isEmpty() ? json : described;
            layers.addFirst(intake.layer(each + "/layer.tar"));
            id = json.path("parent").asText("");
        }
        ObjectNode config = JSON.createObjectNode()
                .put("architecture", described.path("architecture").asText("amd64"))
                .put("os", described.path("os").asText("linux"));
        config.set("config", described.path("config").isObject() ? described.path("config") : JSON.createObjectNode());
        ArrayNode diffIds = config.putObject("rootfs").put("type", "layers").putArray("diff_ids");
        for (Descriptor layer : layers) {
            diffIds.add(content(layer).toString());
        }
        return write(config.toString().getBytes(StandardCharsets.UTF_8), layers);
    }

    private Digest content(Descriptor layer) throws IOException {
        if (layer.mediaType().equals(MediaTypes.DOCKER_LAYER)) {
            return layer.digest();
        }
        try (InputStream in = intake.open(layer);
                DigestedStream digested = new DigestedStream(in, UNKNOWN, Progress.Step.UNHEARD)) {
            return digested.finish();
        }
    }
}
