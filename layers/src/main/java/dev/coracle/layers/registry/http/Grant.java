package dev.coracle.layers.registry.http;

import java.time.Instant;
import java.util.Optional;
import okhttp3.HttpUrl;

/** What a registry accepted from us, or what we will have to get again for it. */
sealed interface Grant {
    /** The value of the header that shows it. */
    String header();

    /** The same each time. */
    record Lasting(String header) implements Grant {}

    /**
     * A token that ends some time.
     *
     * @param origin who gives a new one
     */
    record Token(String header, Instant expires, TokenOrigin origin) implements Grant {}

    /**
     * Where tokens come from, as the registry's challenge said.
     *
     * @param realm the address of the service
     * @param service what the service calls the registry
     * @param scope what the token is good for; several with spaces between
     */
    record TokenOrigin(HttpUrl realm, Optional<String> service, String scope) {}
}
