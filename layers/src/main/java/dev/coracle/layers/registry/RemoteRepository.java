package dev.coracle.layers.registry;

import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.reference.RepositoryName;
import dev.coracle.layers.registry.http.Endpoint;
import dev.coracle.layers.registry.http.Refusal;
import dev.coracle.layers.registry.http.Transport;
import dev.coracle.layers.registry.http.Transport.Question;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.Response;

/** One repository, wherever it answers: its mirrors are asked first, and what one does not have or say, the next may. */
final class RemoteRepository {
    private static final System.Logger LOG = System.getLogger(RemoteRepository.class.getName());
    /** What a mirror may be like and the registry itself not. */
    private static final Set<Kind> PASSED_OVER = EnumSet.of(Kind.NOT_FOUND, Kind.DENIED, Kind.NETWORK, Kind.CORRUPT);

    private static final int REFUSES_FROM = 300;
    private static final int NOT_SATISFIABLE = 416;

    private final Transport transport;
    private final RepositoryName name;

    RemoteRepository(Transport transport, RepositoryName name) {
        this.transport = transport;
        this.name = name;
    }

    /** What is done with an answer; the answer is closed afterwards. */
    interface Use<T> {
        /** Reads it. */
        T of(Response response) throws IOException;
    }

    /**
     * Asks for something below the repository.
     *
     * @param document is the answer short?
     */
    <T> T ask(String tried, String path, Map<String, String> headers, boolean document, Use<T> use) {
        List<Endpoint> endpoints = transport.endpoints(name.registry());
        for (Endpoint mirror : endpoints.subList(0, endpoints.size() - 1)) {
            try {
                return ask(tried, mirror, url(mirror, path), headers, document, use);
            } catch (LayerException e) {
                if (!PASSED_OVER.contains(e.kind()) || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                LOG.log(
                        System.Logger.Level.INFO,
                        "the mirror {0} is passed over: {1}",
                        mirror.registry(),
                        e.happened());
            }
        }
        Endpoint origin = endpoints.getLast();
        return ask(tried, origin, url(origin, path), headers, document, use);
    }

    /** Asks one endpoint for one address. */
    <T> T ask(String tried, Endpoint endpoint, HttpUrl url, Map<String, String> headers, boolean document, Use<T> use) {
        Question question = new Question(url, "repository:" + name.path() + ":pull", headers, document);
        try (Response response = transport.ask(endpoint, question)) {
            if (response.code() >= REFUSES_FROM && response.code() != NOT_SATISFIABLE) {
                throw Refusal.of(tried, response);
            }
            return use.of(response);
        } catch (IOException e) {
            throw Refusal.of(tried, url.host(), e);
        }
    }

    HttpUrl url(Endpoint endpoint, String path) {
        return endpoint.path("v2/" + name.path() + "/" + path);
    }

    Endpoint origin() {
        return transport.endpoints(name.registry()).getLast();
    }

    Transport transport() {
        return transport;
    }

    @Override
    public String toString() {
        return name.toString();
    }
}
