package dev.coracle.layers.registry.http;

import dev.coracle.layers.reference.LoopbackName;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;

/** Registries of this machine, which seldom have a certificate: one that does not speak TLS is spoken to without. */
final class Loopback {
    private final Clients clients;
    private final Map<String, Boolean> plain = new ConcurrentHashMap<>();

    Loopback(Clients clients) {
        this.clients = clients;
    }

    boolean isPlain(String registry) {
        String host = registry.replaceFirst(":[0-9]+$", "");
        return LoopbackName.is(host) && plain.computeIfAbsent(registry, this::refusesTls);
    }

    private boolean refusesTls(String registry) {
        HttpUrl url = Endpoint.of(registry, false).path("v2/");
        Request request = new Request.Builder().url(url).build();
        try (Response response = clients.of(url, true).newCall(request).execute()) {
            return response.code() == 0;
        } catch (IOException e) {
            // A certificate that is not believed is still one: the password must not go around it.
            return !(e.getCause() instanceof CertificateException);
        }
    }
}
