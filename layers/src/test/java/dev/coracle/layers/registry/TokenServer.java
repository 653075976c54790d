package dev.coracle.layers.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Gives the tokens that docker-registry believes: signed, for whoever knows the password or, to read, for anybody. */
final class TokenServer implements AutoCloseable {
    static final String USER = "me";
    static final String PASSWORD = "pass:wörd";

    private static final int LIFE_SECONDS = 300;

    private final HttpServer server;
    private final PrivateKey key;
    private final String certificate;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    TokenServer(Path certificatePem, Path keyPem) throws IOException, GeneralSecurityException {
        this.certificate = base64(certificatePem);
        this.key = KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64(keyPem))));
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/token", this::answer);
        server.start();
    }

    private static String base64(Path pem) throws IOException {
        return Files.readString(pem).replaceAll("-----[A-Z ]+-----|\\s", "");
    }

    String realm() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/token";
    }

    /** The scopes that were asked for. */
    List<String> asked() {
        return asked;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String login = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        String right =
                "Basic " + Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        String scope = parameter(exchange.getRequestURI().getRawQuery(), "scope");
        asked.add(scope);
        boolean known = login.equals(right);
        byte[] body = known ? token(scope).getBytes(StandardCharsets.UTF_8) : "{}".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(known ? 200 : 401, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private static String parameter(String query, String name) {
        for (String pair : query.split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
            }
        }
        return "";
    }

    private String token(String scope) {
        String[] parts = scope.split(":", 3);
        long now = Instant.now().getEpochSecond();
        String actions = "\"" + parts[2].replace(",", "\",\"") + "\"";
        String header = "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"x5c\":[\"" + certificate + "\"]}";
        String claims = """
                {"iss":"tok","sub":"%s","aud":"our registry","exp":%d,"nbf":%d,"iat":%d,"jti":"1",
                 "access":[{"type":"%s","name":"%s","actions":[%s]}]}""".formatted(USER, now + LIFE_SECONDS, now - 10, now, parts[0], parts[1], actions);
        String signed =
                encode(header.getBytes(StandardCharsets.UTF_8)) + "." + encode(claims.getBytes(StandardCharsets.UTF_8));
        return "{\"access_token\":\"" + signed + "." + encode(signature(signed)) + "\",\"expires_in\":" + LIFE_SECONDS
                + "}";
    }

    private byte[] signature(String text) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
