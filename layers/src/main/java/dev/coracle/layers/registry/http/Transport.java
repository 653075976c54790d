package dev.coracle.layers.registry.http;

import dev.coracle.layers.registry.credential.CredentialSource;
import dev.coracle.layers.registry.http.Authority.Place;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;

/** Asks registries, with all that lies between a question and its answer. Safe for several threads. */
public final class Transport implements AutoCloseable {
    private static final int UNAUTHORIZED = 401;

    private final HttpSettings settings;
    private final Clients clients;
    private final Patience patience;
    private final Authority authority;
    private final Loopback loopback;

    /**
     * A question.
     *
     * @param scope what a token must be good for
     * @param headers to be sent along
     * @param document is the answer short?
     */
    public record Question(HttpUrl url, String scope, Map<String, String> headers, boolean document) {
        /** Copies the headers. */
        public Question {
            headers = Map.copyOf(headers);
        }
    }

    /** With this machine's clock. */
    public Transport(HttpSettings settings, CredentialSource credentials) {
        this(settings, credentials, Pauses.REAL, InstantSource.system());
    }

    /** With another clock, for tests. */
    public Transport(HttpSettings settings, CredentialSource credentials, Pauses pauses, InstantSource clock) {
        this.settings = settings;
        this.clients = new Clients(settings);
        Wire wire = new Wire(clients, settings);
        this.patience = new Patience(wire, settings.retries(), pauses, clock);
        this.authority = new Authority(credentials, new TokenService(patience, wire, clock), clock);
        this.loopback = new Loopback(clients);
    }

    /** How long things may take. */
    public HttpSettings settings() {
        return settings;
    }

    /** Where a registry is asked: its mirrors first, then itself. */
    public List<Endpoint> endpoints(String registry) {
        List<Endpoint> endpoints = new ArrayList<>();
        settings.mirrors().getOrDefault(registry, List.of()).forEach(each -> endpoints.add(Endpoint.at(each)));
        boolean plain = settings.plain().contains(registry) || loopback.isPlain(registry);
        endpoints.add(Endpoint.of(registry, plain));
        return endpoints;
    }

    /**
     * Asks, shows who we are when that is wanted, follows redirects, and tries again what may get better. The answer may be a
     * refusal; its body is still to be read, and it must be closed.
     *
     * @throws IOException when there is no answer
     */
    public Response ask(Endpoint endpoint, Question question) throws IOException {
        Place place = new Place(endpoint, question.scope());
        Optional<String> shown = authority.known(place);
        Response response = patience.send(request(question, shown), question.document());
        if (response.code() != UNAUTHORIZED || !sameHost(response, question)) {
            return response;
        }
        response.close();
        String answer = authority.answer(place, response.challenges(), shown.orElse(""));
        return patience.send(request(question, Optional.of(answer)), question.document());
    }

    private static boolean sameHost(Response response, Question question) {
        HttpUrl last = response.request().url();
        return last.host().equals(question.url().host())
                && last.port() == question.url().port();
    }

    @SuppressWarnings("OptionalUsedAsFieldOrParameterType")
    private static Request request(Question question, Optional<String> authorization) {
        Request.Builder request = new Request.Builder().url(question.url()).header("User-Agent", "coracle");
        // Digests are of bytes as they come: nothing on the way may compress them.
        request.header("Accept-Encoding", "identity");
        question.headers().forEach(request::header);
        authorization.ifPresent(value -> request.header("Authorization", value));
        return request.build();
    }

    /** The pause before a download is tried again after so many failures. */
    public void pauseAfter(int failures) {
        Duration pause = settings.retries().after(failures);
        patience.pause(pause);
    }

    @Override
    public void close() {
        clients.close();
    }
}
