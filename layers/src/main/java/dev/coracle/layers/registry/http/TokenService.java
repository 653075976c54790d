package dev.coracle.layers.registry.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.registry.credential.Credential;
import dev.coracle.layers.registry.http.Grant.Token;
import dev.coracle.layers.registry.http.Grant.TokenOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import okhttp3.Credentials;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;

/** Gets bearer tokens, by the distribution project's token protocol or, with an identity token, by OAuth 2. */
final class TokenService {
    private static final String US = "coracle";
    private static final int ANSWER_MAX = 1 << 20;
    /** What the protocol says when the service does not. */
    private static final Duration USUAL_LIFE = Duration.ofSeconds(60);
    /** A token that ends while its request is on the way is of no use. */
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private static final int LIFE_MAX_SECONDS = 24 * 3600;

    private final Patience patience;
    private final Wire wire;
    private final InstantSource clock;

    TokenService(Patience patience, Wire wire, InstantSource clock) {
        this.patience = patience;
        this.wire = wire;
        this.clock = clock;
    }

    Token token(TokenOrigin origin, Credential credential) throws IOException {
        boolean secret = !credential.equals(Credential.ANONYMOUS);
        if (secret && !origin.realm().isHttps() && !wire.mayBePlain(origin.realm())) {
            throw new LayerException(
                    Kind.REFUSED,
                    "log in at " + origin.realm().host(),
                    "the registry wants the password to be sent there without encryption",
                    "this registry is set up wrong; name the host as one without TLS to send it all the same");
        }
        Request request = credential instanceof Credential.IdentityToken identity
                ? exchange(origin, identity)
                : ask(origin, credential);
        try (Response response = patience.send(request, true)) {
            if (!Wire.good(response)) {
                throw Refusal.of("get a token from " + origin.realm().host(), response);
            }
            return read(Bodies.json(response, ANSWER_MAX), origin);
        }
    }

    private static Request ask(TokenOrigin origin, Credential credential) {
        HttpUrl.Builder url = origin.realm().newBuilder();
        origin.service().ifPresent(service -> url.addQueryParameter("service", service));
        for (String scope : origin.scope().split(" ", -1)) {
            url.addQueryParameter("scope", scope);
        }
        Request.Builder request = new Request.Builder();
        if (credential instanceof Credential.Password login) {
            url.addQueryParameter("account", login.user()).addQueryParameter("client_id", US);
            request.header("Authorization", Credentials.basic(login.user(), login.password(), StandardCharsets.UTF_8));
        }
        return request.url(url.build()).build();
    }

    private static Request exchange(TokenOrigin origin, Credential.IdentityToken identity) {
        FormBody.Builder form = new FormBody.Builder()
                .add("grant_type", "refresh_token")
                .add("refresh_token", identity.token())
                .add("client_id", US)
                .add("scope", origin.scope());
        origin.service().ifPresent(service -> form.add("service", service));
        return new Request.Builder().url(origin.realm()).post(form.build()).build();
    }

    private Token read(JsonNode answer, TokenOrigin origin) {
        String token = answer.path("token").asText("");
        String value = token.isEmpty() ? answer.path("access_token").asText("") : token;
        if (value.isEmpty() || !value.chars().allMatch(letter -> letter > ' ' && letter < 127)) {
            throw new LayerException(
                    Kind.DENIED,
                    "get a token from " + origin.realm().host(),
                    "its answer holds none",
                    "this registry is set up wrong");
        }
        long seconds = answer.path("expires_in").asLong(USUAL_LIFE.toSeconds());
        Duration life =
                Duration.ofSeconds(Math.clamp(seconds, 0, LIFE_MAX_SECONDS)).minus(MARGIN);
        Instant expires = clock.instant().plus(life);
        return new Token("Bearer " + value, expires, origin);
    }
}
