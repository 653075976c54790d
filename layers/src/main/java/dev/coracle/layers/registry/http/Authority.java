package dev.coracle.layers.registry.http;

import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.registry.credential.Credential;
import dev.coracle.layers.registry.credential.CredentialSource;
import dev.coracle.layers.registry.http.Grant.Lasting;
import dev.coracle.layers.registry.http.Grant.Token;
import dev.coracle.layers.registry.http.Grant.TokenOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.Challenge;
import okhttp3.Credentials;
import okhttp3.HttpUrl;

/**
 * What we show to which registry for what. The lock is held while a token is fetched, so that many downloads that begin at
 * once ask for one token.
 */
final class Authority {
    private final CredentialSource credentials;
    private final TokenService tokens;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Place, Grant> grants = new HashMap<>();

    /**
     * What a grant is for.
     *
     * @param endpoint where
     * @param scope such as {@code repository:team/app:pull}
     */
    record Place(Endpoint endpoint, String scope) {}

    Authority(CredentialSource credentials, TokenService tokens, InstantSource clock) {
        this.credentials = credentials;
        this.tokens = tokens;
        this.clock = clock;
    }

    /** The header to begin with; empty when nothing was ever asked for there. */
    Optional<String> known(Place place) throws IOException {
        lock.lock();
        try {
            Grant grant = grants.get(place);
            if (grant instanceof Token token && !clock.instant().isBefore(token.expires())) {
                grant = tokens.token(
                        token.origin(), credentials.find(place.endpoint().registry()));
                grants.put(place, grant);
            }
            return Optional.ofNullable(grant).map(Grant::header);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The header that answers a challenge.
     *
     * @param shown what was shown with the request that was challenged, and so is no good
     * @throws LayerException of {@link Kind#DENIED} when there is nothing else to show
     */
    String answer(Place place, List<Challenge> challenges, String shown) throws IOException {
        lock.lock();
        try {
            Grant known = grants.get(place);
            if (known != null && !known.header().equals(shown)) {
                // Somebody else has answered the same challenge meanwhile.
                return known.header();
            }
            Grant grant = grant(place, challenges);
            if (grant.header().equals(shown)) {
                throw denied(place, "it does not accept the login that is kept for it", "log in again");
            }
            grants.put(place, grant);
            return grant.header();
        } finally {
            lock.unlock();
        }
    }

    private Grant grant(Place place, List<Challenge> challenges) throws IOException {
        Credential credential = credentials.find(place.endpoint().registry());
        if (credential instanceof Credential.RegistryToken token) {
            return new Lasting("Bearer " + token.token());
        }
        for (Challenge challenge : challenges) {
            if (challenge.scheme().equalsIgnoreCase("Bearer")) {
                return tokens.token(origin(place, challenge), credential);
            }
        }
        for (Challenge challenge : challenges) {
            if (challenge.scheme().equalsIgnoreCase("Basic")) {
                return basic(place, credential);
            }
        }
        throw denied(place, "it wants a kind of login that is not known here", "check the address of the registry");
    }

    private static Grant basic(Place place, Credential credential) {
        if (credential instanceof Credential.Password login) {
            return new Lasting(Credentials.basic(login.user(), login.password(), StandardCharsets.UTF_8));
        }
        throw denied(place, "it wants a user and a password", "log in first");
    }

    private static TokenOrigin origin(Place place, Challenge challenge) {
        Map<String, String> said = new HashMap<>();
        challenge.authParams().forEach((key, value) -> said.put(String.valueOf(key), value));
        HttpUrl realm = HttpUrl.parse(said.getOrDefault("realm", ""));
        if (realm == null) {
            throw denied(place, "it does not say where tokens come from", "check the address of the registry");
        }
        return new TokenOrigin(
                realm, Optional.ofNullable(said.get("service")), said.getOrDefault("scope", place.scope()));
    }

    private static LayerException denied(Place place, String happened, String advice) {
        return new LayerException(Kind.DENIED, "log in at " + place.endpoint().registry(), happened, advice);
    }
}
