package dev.coracle.layers.registry.http;

import dev.coracle.layers.reference.LoopbackName;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * Which proxy is used for which host, from the variables that everybody uses.
 *
 * @param plain for {@code http} addresses
 * @param secure for {@code https} addresses
 * @param direct hosts that need none: names, {@code .domain}, {@code host:port}, or {@code *}; this machine never needs one
 */
public record ProxyRules(Optional<ProxyServer> plain, Optional<ProxyServer> secure, List<String> direct) {
    /** No proxy at all. */
    public static final ProxyRules NONE = new ProxyRules(Optional.empty(), Optional.empty(), List.of());

    /** Copies the list. */
    public ProxyRules {
        direct = List.copyOf(direct);
    }

    /**
     * Reads {@code http_proxy}, {@code https_proxy}, {@code all_proxy} and {@code no_proxy}, small or (but for the first,
     * which a web server could be told) in capitals.
     *
     * @throws IllegalArgumentException when one is no address of a proxy; the message shows no password
     */
    public static ProxyRules of(Map<String, String> environment) {
        Optional<String> all = value(environment, "all_proxy", "ALL_PROXY");
        return new ProxyRules(
                value(environment, "http_proxy").or(() -> all).map(ProxyServer::parse),
                value(environment, "https_proxy", "HTTPS_PROXY").or(() -> all).map(ProxyServer::parse),
                value(environment, "no_proxy", "NO_PROXY")
                        .map(list -> List.of(list.split("[,\\s]+")))
                        .orElse(List.of()));
    }

    private static Optional<String> value(Map<String, String> environment, String... names) {
        for (String name : names) {
            String value = environment.getOrDefault(name, "").strip();
            if (!value.isEmpty()) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    /** The same proxy for everything, as {@code --httpproxy} says. */
    public static ProxyRules all(ProxyServer proxy) {
        return new ProxyRules(Optional.of(proxy), Optional.of(proxy), List.of());
    }

    /** The proxy for an address; empty when it is spoken to directly. */
    Optional<ProxyServer> via(HttpUrl url) {
        String host = url.host().toLowerCase(Locale.ROOT);
        boolean spared = LoopbackName.is(host) || direct.stream().anyMatch(each -> spares(each, host, url.port()));
        return spared ? Optional.empty() : url.isHttps() ? secure : plain;
    }

    private static boolean spares(String rule, String host, int port) {
        String lower = rule.toLowerCase(Locale.ROOT);
        String suffix = ":" + port;
        String name = lower.endsWith(suffix) ? lower.substring(0, lower.length() - suffix.length()) : lower;
        String bare = name.startsWith(".") ? name.substring(1) : name;
        return name.equals("*") || (!bare.isEmpty() && (host.equals(bare) || host.endsWith("." + bare)));
    }

    /**
     * A proxy.
     *
     * @param protocol what it speaks
     * @param host where it is
     * @param port where it is
     * @param login {@code user:password}; empty when it wants none
     */
    public record ProxyServer(Protocol protocol, String host, int port, Optional<Login> login) {
        private static final int SOCKS_PORT = 1080;
        private static final int HTTP_PORT = 3128;

        /** What a proxy speaks. */
        public enum Protocol {
            /** HTTP, with {@code CONNECT} for TLS. */
            HTTP(HTTP_PORT),
            /** SOCKS 4: we look up names. */
            SOCKS4(SOCKS_PORT),
            /** SOCKS 4a: it looks up names. */
            SOCKS4A(SOCKS_PORT),
            /** SOCKS 5: it looks up names, under either scheme. */
            SOCKS5(SOCKS_PORT);

            private final int port;

            Protocol(int port) {
                this.port = port;
            }

            private static Optional<Protocol> of(String scheme) {
                return switch (scheme) {
                    case "http" -> Optional.of(HTTP);
                    case "socks4" -> Optional.of(SOCKS4);
                    case "socks4a" -> Optional.of(SOCKS4A);
                    case "socks", "socks5", "socks5h" -> Optional.of(SOCKS5);
                    default -> Optional.empty();
                };
            }
        }

        /** Who we are there; SOCKS 4 knows no passwords. */
        public record Login(String user, String password) {
            @Override
            public String toString() {
                return user + ":***";
            }
        }

        /**
         * Reads {@code [http|socks4|socks4a|socks5|socks5h://][user:password@]host[:port]}.
         *
         * @throws IllegalArgumentException when it is something else; the message shows no password
         */
        public static ProxyServer parse(String text) {
            try {
                URI uri = URI.create(text.contains("://") ? text : "http://" + text);
                Optional<Protocol> known = Protocol.of(uri.getScheme().toLowerCase(Locale.ROOT));
                if (known.isPresent() && uri.getHost() != null) {
                    Protocol protocol = known.get();
                    int port = uri.getPort() > 0 ? uri.getPort() : protocol.port;
                    return new ProxyServer(protocol, uri.getHost(), port, login(uri));
                }
            } catch (IllegalArgumentException e) {
                throw refused(text);
            }
            throw refused(text);
        }

        private static IllegalArgumentException refused(String text) {
            String shown = text.replaceFirst("//.*@", "//***@").replaceFirst("^[^/]*@", "***@");
            return new IllegalArgumentException("a proxy is written http://host:port or socks5://host:port: " + shown);
        }

        private static Optional<Login> login(URI uri) {
            return Optional.ofNullable(uri.getUserInfo()).map(info -> {
                int colon = info.indexOf(':');
                return colon < 0 ? new Login(info, "") : new Login(info.substring(0, colon), info.substring(colon + 1));
            });
        }
    }
}
