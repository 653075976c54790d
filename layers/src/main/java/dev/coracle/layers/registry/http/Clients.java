package dev.coracle.layers.registry.http;

import dev.coracle.layers.registry.http.ProxyRules.ProxyServer;
import dev.coracle.layers.registry.http.ProxyRules.ProxyServer.Protocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.SocketFactory;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** The HTTP clients in use: one for each way out of this machine, with and without our certificate. Safe for several threads. */
final class Clients implements AutoCloseable {
    private static final String PROXY_LOGIN = "Proxy-Authorization";

    private final HttpSettings settings;
    private final OkHttpClient base;
    private final X509TrustManager authorities;
    private final Map<Way, OkHttpClient> clients = new ConcurrentHashMap<>();

    /** @param home is it the registry itself, which may see our certificate? */
    private record Way(Optional<ProxyServer> proxy, boolean home) {}

    Clients(HttpSettings settings) {
        this.settings = settings;
        Trust trust = settings.trust();
        this.authorities = trust.unchecked() ? Certificates.unchecked() : Certificates.authorities(trust.authorities());
        // Redirects are followed by hand: what goes along depends on where they lead.
        OkHttpClient.Builder builder = new OkHttpClient.Builder()
                .followRedirects(false)
                .followSslRedirects(false)
                .connectTimeout(settings.timeouts().connect())
                .readTimeout(settings.timeouts().idle())
                .writeTimeout(settings.timeouts().idle());
        if (trust.unchecked()) {
            builder.hostnameVerifier((host, session) -> true);
        }
        this.base = builder.build();
    }

    OkHttpClient of(HttpUrl url, boolean home) {
        return clients.computeIfAbsent(new Way(settings.proxies().via(url), home), this::make);
    }

    private OkHttpClient make(Way way) {
        KeyManager[] keys = way.home() ? Certificates.client(settings.trust().client()) : new KeyManager[0];
        OkHttpClient.Builder builder = base.newBuilder().proxy(Proxy.NO_PROXY);
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {authorities}, new SecureRandom());
            builder.sslSocketFactory(context.getSocketFactory(), authorities);
        } catch (GeneralSecurityException e) {
            throw Certificates.failure("prepare TLS", e);
        }
        way.proxy().ifPresent(proxy -> through(proxy, builder));
        return builder.build();
    }

    private static void through(ProxyServer proxy, OkHttpClient.Builder builder) {
        if (proxy.protocol() != Protocol.HTTP) {
            builder.socketFactory(new SocksSockets(proxy)).dns(Clients::leaveToProxy);
            return;
        }
        builder.proxy(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.host(), proxy.port())));
        proxy.login().ifPresent(login -> {
            String header = Credentials.basic(login.user(), login.password());
            builder.proxyAuthenticator((route, response) -> authorise(response, header));
        });
    }

    /** Null gives up, in the words of the library. */
    private static @Nullable Request authorise(Response response, String header) {
        boolean said = response.request().header(PROXY_LOGIN) != null;
        return said
                ? null
                : response.request().newBuilder().header(PROXY_LOGIN, header).build();
    }

    /** The name is what counts; the address beside it is never used. */
    private static List<InetAddress> leaveToProxy(String host) throws UnknownHostException {
        return List.of(InetAddress.getByAddress(host, new byte[4]));
    }

    private static final class SocksSockets extends SocketFactory {
        private final ProxyServer proxy;

        SocksSockets(ProxyServer proxy) {
            this.proxy = proxy;
        }

        @Override
        public Socket createSocket() {
            return new SocksSocket(proxy);
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException("only sockets that are connected later");
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
            throw new UnsupportedOperationException("only sockets that are connected later");
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException("only sockets that are connected later");
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
            throw new UnsupportedOperationException("only sockets that are connected later");
        }
    }

    @Override
    public void close() {
        base.connectionPool().evictAll();
        base.dispatcher().executorService().shutdown();
    }
}
