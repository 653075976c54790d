package dev.coracle.layers.manifest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coracle.layers.Digest;
import dev.coracle.layers.blob.Descriptor;
import dev.coracle.layers.manifest.Manifest.ImageManifest;
import java.nio.charset.StandardCharsets;

/** Writes docker's manifests, which every program reads; the same bytes for the same image. */
public final class ManifestWriter {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ManifestWriter() {}

    /** The manifest of an image. */
    public static ManifestDocument docker(ImageManifest image) {
        ObjectNode root = JSON.createObjectNode().put("schemaVersion", 2).put("mediaType", MediaTypes.DOCKER_MANIFEST);
        put(root.putObject("config"), image.config());
        ArrayNode layers = root.putArray("layers");
        image.layers().forEach(layer -> put(layers.addObject(), layer));
        byte[] bytes = root.toString().getBytes(StandardCharsets.UTF_8);
        return new ManifestDocument(MediaTypes.DOCKER_MANIFEST, Digest.sha256(bytes), bytes);
    }

    private static void put(ObjectNode node, Descriptor descriptor) {
        node.put("mediaType", descriptor.mediaType())
                .put("size", descriptor.size())
                .put("digest", descriptor.digest().toString());
    }
}
