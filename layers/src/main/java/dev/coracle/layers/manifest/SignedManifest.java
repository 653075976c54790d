package dev.coracle.layers.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coracle.layers.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;

/** Docker's first manifests carry signatures within, and their digest is that of what was signed. */
public final class SignedManifest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SignedManifest() {}

    /**
     * What was signed: the document's beginning, and the end that the signature tells.
     *
     * @throws IllegalArgumentException when it is no signed manifest
     */
    public static byte[] payload(byte[] signed) {
        try {
            JsonNode signature = JSON.readTree(signed).path("signatures").path(0);
            JsonNode header = JSON.readTree(decode(signature.path("protected").asText("")));
            int length = header.path("formatLength").asInt(-1);
            byte[] tail = decode(header.path("formatTail").asText(""));
            if (length < 0 || length > signed.length) {
                throw new IllegalArgumentException("its signature does not say what it signs");
            }
            ByteArrayOutputStream payload = new ByteArrayOutputStream();
            payload.write(signed, 0, length);
            payload.writeBytes(tail);
            return payload.toByteArray();
        } catch (IOException e) {
            throw new IllegalArgumentException("its signature is not JSON", e);
        }
    }

    /** The digest by which it is known. */
    public static Digest digest(byte[] signed) {
        return Digest.sha256(payload(signed));
    }

    private static byte[] decode(String text) {
        return Base64.getUrlDecoder().decode(text);
    }
}
