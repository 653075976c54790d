package dev.coracle.layers.registry.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import okhttp3.Response;

/** What a registry's "no" means, for a person. */
public final class Refusal {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int READ_MAX = 1 << 14;
    private static final int SHOWN_MAX = 300;

    private Refusal() {}

    /** The failure that an answer is; its body is read, so far as it explains anything. */
    public static LayerException of(String tried, Response response) {
        String host = response.request().url().host();
        String happened = host + " answers " + response.code() + explanation(response);
        return switch (response.code()) {
            case 401, 403 ->
                new LayerException(
                        Kind.DENIED, tried, happened, "log in with a user who may read it, and check the name");
            case 404 -> new LayerException(Kind.NOT_FOUND, tried, happened, "check the name and the tag");
            case 429 ->
                new LayerException(Kind.NETWORK, tried, happened + after(response), "wait, log in, or use a mirror");
            default ->
                new LayerException(
                        Kind.NETWORK,
                        tried,
                        happened + after(response),
                        response.code() >= 500 ? "try again later" : "check the address of the registry");
        };
    }

    private static String after(Response response) {
        String asked = response.header("Retry-After", "");
        return asked == null || asked.isEmpty() ? "" : " and asks to wait " + printable(asked);
    }

    private static String explanation(Response response) {
        try (InputStream in = response.body().byteStream()) {
            JsonNode error =
                    JSON.readTree(in.readNBytes(READ_MAX)).path("errors").path(0);
            String words = error.path("message").asText(error.path("code").asText(""));
            return words.isBlank() ? "" : ": " + printable(words);
        } catch (JsonProcessingException e) {
            // A page for people, or nothing.
            return "";
        } catch (IOException e) {
            return ", and breaks off";
        }
    }

    /** A server's words on our terminal: one short line. */
    private static String printable(String words) {
        String line = words.replaceAll("\\p{C}+", " ").strip();
        return line.length() <= SHOWN_MAX ? line : line.substring(0, SHOWN_MAX) + "...";
    }

    /** The failure that there was no answer. */
    public static LayerException of(String tried, String host, IOException failure) {
        String words = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        String advice = switch (failure) {
            case UnknownHostException e -> "check the name of the registry, and the proxy";
            case SSLException e -> "give its authority's certificate, or name it as one without TLS if it is such";
            default -> "check the network and the proxy, and try again";
        };
        String happened = failure instanceof UnknownHostException ? "there is no host " + host : host + ": " + words;
        return new LayerException(Kind.NETWORK, tried, happened, advice, failure);
    }
}
