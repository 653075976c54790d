package dev.coracle.layers.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coracle.layers.ImageConfig;
import dev.coracle.layers.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** The JSON documents of an image. */
final class Documents {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The OCI distribution specification's own limit is a quarter of this. */
    private static final int SIZE_MAX = 1 << 24;

    private final ImageFiles files;

    Documents(ImageFiles files) {
        this.files = files;
    }

    /** A document that nothing vouches for: the entrance of a layout. */
    JsonNode read(String name) throws IOException {
        try (InputStream in = files.open(name)) {
            byte[] bytes = in.readNBytes(SIZE_MAX + 1);
            if (bytes.length > SIZE_MAX) {
                throw new IOException(name + " is larger than any such document");
            }
            JsonNode document = JSON.readTree(bytes);
            if (!document.isContainerNode()) {
                throw new IOException(name + " is not the document it should be");
            }
            return document;
        }
    }

    /** A document named by its digest, checked before it is parsed. */
    JsonNode read(Blob blob, String name) throws IOException {
        blob.check(files, name, Progress.Step.UNHEARD);
        return read(name);
    }

    /** The part of an image's configuration that says how to run it; the same words in every format. */
    static ImageConfig config(JsonNode config) {
        return new ImageConfig(
                strings(config.path("Entrypoint")),
                strings(config.path("Cmd")),
                strings(config.path("Env")),
                config.path("WorkingDir").asText(""),
                config.path("User").asText(""));
    }

    /** The same of a whole configuration as text. */
    static ImageConfig parse(String json) throws IOException {
        return config(JSON.readTree(json).path("config"));
    }

    /** The strings of an array; none when it is missing or null. */
    static List<String> strings(JsonNode array) {
        List<String> values = new ArrayList<>();
        array.forEach(value -> values.add(value.asText()));
        return values;
    }
}
