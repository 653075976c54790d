package dev.coracle.layers.registry.http;

import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.reference.LoopbackName;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;

/** One request and the redirects it meets. What we are to a registry is told to nobody it sends us to. */
final class Wire {
    private static final int HOPS_MAX = 10;
    private static final int OK_UNTIL = 299;
    private static final String AUTHORIZATION = "Authorization";

    private final Clients clients;
    private final HttpSettings settings;

    Wire(Clients clients, HttpSettings settings) {
        this.clients = clients;
        this.settings = settings;
    }

    /**
     * Sends a request and follows.
     *
     * @param document is the answer short, so that there is a time for all of it?
     */
    Response send(Request first, boolean document) throws IOException {
        Request request = first;
        boolean home = true;
        for (int hop = 0; hop < HOPS_MAX; hop++) {
            Response response = call(request, home, document).execute();
            if (!redirects(response)) {
                return response;
            }
            response.close();
            HttpUrl next = target(request, response);
            home = home && sameHost(request.url(), next);
            Request.Builder builder = request.newBuilder().url(next);
            request = (home ? builder : builder.removeHeader(AUTHORIZATION)).build();
        }
        throw refused(first.url(), "it sends us on more than " + HOPS_MAX + " times");
    }

    private Call call(Request request, boolean home, boolean document) {
        Call call = clients.of(request.url(), home).newCall(request);
        if (document) {
            call.timeout().timeout(settings.timeouts().document().toMillis(), TimeUnit.MILLISECONDS);
        }
        return call;
    }

    private static boolean redirects(Response response) {
        return switch (response.code()) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }

    private HttpUrl target(Request request, Response response) {
        String location = response.header("Location", "");
        HttpUrl next =
                location == null || location.isEmpty() ? null : request.url().resolve(location);
        if (next == null) {
            throw refused(request.url(), "it sends us on to no address");
        } else if (request.url().isHttps() && !next.isHttps() && !mayBePlain(next)) {
            throw refused(request.url(), "it sends us on to " + next.host() + " without encryption");
        } else if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            throw refused(request.url(), "it sends on what only it should get");
        }
        return next;
    }

    /** May this address be spoken to without TLS? */
    boolean mayBePlain(HttpUrl url) {
        return LoopbackName.is(url.host())
                || settings.plain().contains(url.host())
                || settings.plain().contains(url.host() + ":" + url.port());
    }

    private static boolean sameHost(HttpUrl one, HttpUrl other) {
        return one.host().equals(other.host())
                && one.port() == other.port()
                && one.scheme().equals(other.scheme());
    }

    /** Is the answer what was asked for? */
    static boolean good(Response response) {
        return response.code() >= 200 && response.code() <= OK_UNTIL;
    }

    private static LayerException refused(HttpUrl url, String happened) {
        return new LayerException(
                Kind.REFUSED, "ask " + url.host(), happened, "this registry is set up wrong, or it is none");
    }
}
