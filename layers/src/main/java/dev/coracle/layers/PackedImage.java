package dev.coracle.layers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coracle.layers.LayerException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An image as a layer carries it: the {@code image.json} beside {@code tree.tar.zst}.
 *
 * @param name lower-case letters, digits and {@code . _ -}, see {@link ImageName}
 * @param architecture {@code x86_64} or {@code aarch64}
 * @param config how the image wants to be run
 * @param tree the archive beside it
 */
public record PackedImage(String name, String architecture, ImageConfig config, TreeInfo tree) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Refuses names and architectures that no layer can have. */
    public PackedImage {
        ImageName.check(name);
        Architecture.parse(architecture);
    }

    /**
     * Reads an {@code image.json}.
     *
     * @throws LayerException when it is missing, unreadable or not complete
     */
    public static PackedImage read(Path imageJson) {
        String tried = "read " + imageJson;
        try {
            return parse(Files.readString(imageJson));
        } catch (NoSuchFileException e) {
            throw new LayerException(
                    Kind.NOT_FOUND, tried, "there is no such file", "build it with coracle layer build", e);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new LayerException(
                    Kind.CORRUPT, tried, "not an image description: " + e.getMessage(), "build the layer again", e);
        } catch (IOException e) {
            throw new LayerException(Kind.IO, tried, FileProblem.of(e), "", e);
        }
    }

    /**
     * Reads the text of an {@code image.json}.
     *
     * @throws IllegalArgumentException when a field is missing or has no sensible value
     */
    static PackedImage parse(String json) throws JsonProcessingException {
        JsonNode root = JSON.readTree(json);
        JsonNode config = root.required("config");
        JsonNode tree = root.required("tree");
        return new PackedImage(
                root.required("name").asText(),
                root.required("architecture").asText(),
                new ImageConfig(
                        strings(config.required("entrypoint")),
                        strings(config.required("cmd")),
                        strings(config.required("env")),
                        config.required("workdir").asText(),
                        config.required("user").asText()),
                new TreeInfo(
                        Digest.parse(tree.required("digest").asText()),
                        tree.required("archiveSize").asLong(-1),
                        tree.required("unpackedSize").asLong(-1),
                        tree.required("entries").asLong(-1)));
    }

    /**
     * Writes the {@code image.json}, the same bytes for the same value.
     *
     * @throws LayerException when the file cannot be written
     */
    public void write(Path imageJson) {
        try {
            Files.write(imageJson, toJson());
        } catch (IOException e) {
            throw new LayerException(Kind.IO, "write " + imageJson, FileProblem.of(e), "", e);
        }
    }

    /** The bytes of the {@code image.json}: UTF-8, fixed order of fields, one line end at the end. */
    public byte[] toJson() {
        ObjectNode root = JSON.createObjectNode().put("name", name).put("architecture", architecture);
        ObjectNode configNode = root.putObject("config");
        fill(configNode.putArray("entrypoint"), config.entrypoint());
        fill(configNode.putArray("cmd"), config.cmd());
        fill(configNode.putArray("env"), config.env());
        configNode.put("workdir", config.workdir()).put("user", config.user());
        root.putObject("tree")
                .put("digest", tree.digest().toString())
                .put("archiveSize", tree.archiveSize())
                .put("unpackedSize", tree.unpackedSize())
                .put("entries", tree.entries());
        return (root.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void fill(ArrayNode array, List<String> values) {
        values.forEach(array::add);
    }

    private static List<String> strings(JsonNode array) {
        List<String> values = new ArrayList<>();
        array.forEach(value -> values.add(value.asText()));
        return values;
    }
}
