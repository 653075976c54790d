package dev.coracle.layers.registry.credential;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coracle.layers.FileProblem;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.reference.RepositoryName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** The shape that docker's configuration and udocker's keystore share: logins by the address of a registry, in many spellings. */
final class StoredLogins {
    private static final ObjectMapper JSON = new ObjectMapper();

    private StoredLogins() {}

    /** Reads a file of JSON; one that is missing is empty. What is in it never gets into a message. */
    static JsonNode read(Path file) {
        String tried = "read the logins of " + file;
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(file));
            return root.isObject() ? root : JSON.createObjectNode();
        } catch (NoSuchFileException e) {
            return JSON.createObjectNode();
        } catch (JsonProcessingException e) {
            // The parser's own message quotes the text, and the text is secret: neither message nor cause is kept.
            throw new LayerException(
                    Kind.CORRUPT, tried, "not JSON at line " + e.getLocation().getLineNr(), "log in again");
        } catch (IOException e) {
            throw new LayerException(Kind.IO, tried, FileProblem.of(e), "make it readable, or log in again", e);
        }
    }

    /** The value whose address means the registry; a missing node when there is none. */
    static JsonNode find(JsonNode byAddress, String registry) {
        return address(byAddress, registry).map(byAddress::path).orElse(JSON.missingNode());
    }

    /** The address that means the registry. */
    static Optional<String> address(JsonNode byAddress, String registry) {
        return byAddress.properties().stream()
                .map(Map.Entry::getKey)
                .filter(each -> registryOf(each).equals(registry))
                .findFirst();
    }

    private static String registryOf(String address) {
        String bare = address.replaceFirst("^https?://", "").replaceFirst("/.*$", "");
        return RepositoryName.isHub(bare) ? RepositoryName.HUB : bare;
    }

    /** What one login says. */
    static Credential credential(JsonNode login, String registry) {
        String identity = login.path("identitytoken").asText("");
        String token = login.path("registrytoken").asText("");
        String auth = login.path("auth").asText("");
        if (!identity.isEmpty()) {
            return new Credential.IdentityToken(identity);
        } else if (!token.isEmpty()) {
            return new Credential.RegistryToken(token);
        } else if (!auth.isEmpty()) {
            return password(auth, registry);
        }
        String user = login.path("username").asText("");
        return user.isEmpty()
                ? Credential.ANONYMOUS
                : new Credential.Password(user, login.path("password").asText(""));
    }

    private static Credential password(String auth, String registry) {
        try {
            // Some programs end the password with a zero byte, some break the line.
            String pair =
                    new String(Base64.getMimeDecoder().decode(auth), StandardCharsets.UTF_8).replaceFirst("\0+$", "");
            int colon = pair.indexOf(':');
            if (colon > 0) {
                return new Credential.Password(pair.substring(0, colon), pair.substring(colon + 1));
            }
        } catch (IllegalArgumentException e) {
            throw damaged(registry);
        }
        throw damaged(registry);
    }

    private static LayerException damaged(String registry) {
        return new LayerException(
                Kind.CORRUPT, "read the login for " + registry, "it is no user and password in base64", "log in again");
    }
}
