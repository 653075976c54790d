package dev.coracle.layers.registry.http;

import dev.coracle.layers.reference.RepositoryName;
import java.util.Locale;
import okhttp3.HttpUrl;

/**
 * Where a registry is spoken to.
 *
 * @param base the address, without {@code /v2/}
 * @param registry the name under which credentials are kept
 */
public record Endpoint(HttpUrl base, String registry) {
    /** Where Docker Hub's registry really is. */
    private static final String HUB_HOST = "registry-1.docker.io";

    /** The endpoint at {@code scheme://host[:port]}. */
    static Endpoint at(String address) {
        HttpUrl url = HttpUrl.parse(address.endsWith("/") ? address : address + "/");
        if (url == null) {
            throw new IllegalArgumentException("a registry's address is http[s]://host[:port]: " + address);
        }
        return new Endpoint(url, name(url));
    }

    private static String name(HttpUrl url) {
        String host = url.host().toLowerCase(Locale.ROOT);
        boolean usual = url.port() == HttpUrl.defaultPort(url.scheme());
        return RepositoryName.isHub(host) ? RepositoryName.HUB : usual ? host : host + ":" + url.port();
    }

    static Endpoint of(String registry, boolean plain) {
        String host = registry.equals(RepositoryName.HUB) ? HUB_HOST : registry;
        return new Endpoint(at((plain ? "http://" : "https://") + host).base(), registry);
    }

    /** An address below it; segments are encoded. */
    public HttpUrl path(String relative) {
        return base.newBuilder().addPathSegments(relative).build();
    }
}
