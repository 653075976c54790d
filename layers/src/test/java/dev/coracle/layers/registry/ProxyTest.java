package dev.coracle.layers.registry;

import static dev.coracle.layers.registry.ScriptedRegistry.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coracle.layers.reference.Reference;
import dev.coracle.layers.registry.credential.CredentialSource;
import dev.coracle.layers.registry.http.HttpSettings;
import dev.coracle.layers.registry.http.ProxyRules;
import dev.coracle.layers.registry.http.ProxyRules.ProxyServer;
import dev.coracle.layers.registry.http.ProxyRules.ProxyServer.Protocol;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A registry whose name nobody but the proxy knows. */
class ProxyTest {
    private static final String FAR = "registry.invalid";
    private static final String MANIFEST = "/v2/a/manifests/v1";

    private final ScriptedRegistry registry = started();

    private static ScriptedRegistry started() {
        try {
            return new ScriptedRegistry();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private String get(ProxyServer proxy) {
        return get(proxy, FAR);
    }

    private String get(ProxyServer proxy, String host) {
        HttpSettings settings = registry.settings().withPlain(Set.of(host)).withProxies(ProxyRules.all(proxy));
        try (RegistryClient client = registry.client(settings, CredentialSource.NONE)) {
            return client.manifest(Reference.parse(host + "/a:v1")).text();
        }
    }

    @Test
    void aProxyIsAskedAndToldWhoWeAre() {
        String login = "Basic " + Base64.getEncoder().encodeToString("me:word".getBytes(StandardCharsets.UTF_8));
        registry.on(
                "http://" + FAR + MANIFEST,
                request -> login.equals(request.getHeaders().get("Proxy-Authorization"))
                        ? answer(200, "{}")
                        : answer(407, "", "Proxy-Authenticate", "Basic realm=\"p\""));
        assertThat(get(ProxyServer.parse("http://me:word@" + registry.name()))).isEqualTo("{}");
        assertThatThrownBy(() -> get(ProxyServer.parse(registry.name()))).hasMessageContaining("407");
        assertThatThrownBy(() -> get(ProxyServer.parse("http://me:no@" + registry.name())))
                .hasMessageContaining("407")
                .hasMessageNotContaining("me:no");
    }

    @Test
    void socksLooksUpTheNameAndTakesThePassword() throws Exception {
        registry.on(MANIFEST, answer(200, "{\"far\":1}"));
        try (Socks socks = new Socks(registry.port())) {
            assertThat(get(ProxyServer.parse("socks5h://me:word@127.0.0.1:" + socks.port())))
                    .isEqualTo("{\"far\":1}");
            assertThat(socks.heard()).containsExactly("me:word", FAR + ":80");
            assertThatThrownBy(() -> get(ProxyServer.parse("socks5://me:bad@127.0.0.1:" + socks.port())))
                    .hasMessageContaining("it refuses the user and password");
            assertThatThrownBy(() -> get(ProxyServer.parse("socks5://127.0.0.1:" + socks.port())))
                    .hasMessageContaining("it wants a user and password");
        }
    }

    @Test
    void socks4KnowsUsersAndLooksUpNamesInItsLaterForm() throws Exception {
        registry.on(MANIFEST, answer(200, "{\"far\":1}"));
        try (Socks socks = new Socks(registry.port())) {
            String at = "me@127.0.0.1:" + socks.port();
            assertThat(get(ProxyServer.parse("socks4a://" + at))).isEqualTo("{\"far\":1}");
            // An address of the documentation's network, which leads nowhere.
            assertThat(get(ProxyServer.parse("socks4://" + at), "203.0.113.5:80"))
                    .isEqualTo("{\"far\":1}");
            assertThat(socks.heard()).containsExactly("me", FAR + ":80", "me", "203.0.113.5:80");
            assertThatThrownBy(() -> get(ProxyServer.parse("socks4a://you@127.0.0.1:" + socks.port())))
                    .hasMessageContaining("127.0.0.1:" + socks.port() + ": it refuses, or could not connect (93)");
            assertThatThrownBy(() -> get(ProxyServer.parse("socks4://" + at), "[2001:db8::1]:80"))
                    .hasMessageContaining("SOCKS 4 does not know addresses such as those of 2001:db8:");
        }
    }

    @Test
    void variablesAreReadAsEverywhere() {
        ProxyRules rules = ProxyRules.of(
                Map.of("http_proxy", "plain:1", "HTTPS_PROXY", "socks5://secure", "NO_PROXY", "a.org, .b.org c:443"));
        assertThat(rules.plain()).contains(new ProxyServer(Protocol.HTTP, "plain", 1, java.util.Optional.empty()));
        assertThat(rules.secure())
                .contains(new ProxyServer(Protocol.SOCKS5, "secure", 1080, java.util.Optional.empty()));
        assertThat(rules.direct()).containsExactly("a.org", ".b.org", "c:443");
        assertThat(ProxyServer.parse("SOCKS4A://x").protocol()).isEqualTo(Protocol.SOCKS4A);
        assertThat(ProxyRules.of(Map.of("all_proxy", "x:3")).secure()).isPresent();
        assertThat(ProxyRules.of(Map.of("HTTP_PROXY", "evil:1")).plain()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://me:SECRET@x", "me:SECRET@", "http://me:SECRET@ x", "https://:"})
    void whatIsNoProxyIsRefusedWithoutItsPassword(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProxyRules.of(Map.of("http_proxy", text)))
                .withMessageContaining("a proxy is written")
                .withMessageNotContaining("SECRET");
    }

    @Test
    void allThatIsWrongInTheSettingsIsSaidAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HttpSettings.of(Map.of(
                        "CORACLE_MIRRORS", "docker.io=ftp://x,nothing",
                        "CORACLE_INSECURE", "yes",
                        "CORACLE_CLIENT_KEY", "/k",
                        "http_proxy", "ftp://x")))
                .withMessageContaining("ftp://x")
                .withMessageContaining("nothing")
                .withMessageContaining("CORACLE_INSECURE is true or false: yes")
                .withMessageContaining("go together")
                .withMessageContaining("a proxy is written");
        assertThat(HttpSettings.of(Map.of())).isEqualTo(HttpSettings.DEFAULT);
        assertThat(HttpSettings.of(Map.of("CORACLE_MIRRORS", "docker.io=http://localhost:5000"))
                        .mirrors())
                .isEqualTo(Map.of("docker.io", List.of("http://localhost:5000")));
    }
}
