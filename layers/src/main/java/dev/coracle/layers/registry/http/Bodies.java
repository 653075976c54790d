package dev.coracle.layers.registry.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import java.io.IOException;
import java.io.InputStream;
import okhttp3.Response;

/** Bodies of answers that must be short. */
public final class Bodies {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Bodies() {}

    /**
     * All bytes of an answer.
     *
     * @throws LayerException of {@link Kind#CORRUPT} when there are more than the limit
     */
    public static byte[] bytes(Response response, int limit) throws IOException {
        try (InputStream in = response.body().byteStream()) {
            byte[] bytes = in.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw corrupt(response, "it sends more than " + limit + " bytes");
            }
            return bytes;
        }
    }

    /** An answer in JSON. */
    public static JsonNode json(Response response, int limit) throws IOException {
        try {
            return JSON.readTree(bytes(response, limit));
        } catch (JsonProcessingException e) {
            // An answer may hold a token, which the parser's message would quote.
            throw corrupt(response, "its answer is not JSON");
        }
    }

    private static LayerException corrupt(Response response, String happened) {
        return new LayerException(
                Kind.CORRUPT,
                "read the answer of " + response.request().url().host(),
                happened,
                "this registry is set up wrong, or it is none");
    }
}
