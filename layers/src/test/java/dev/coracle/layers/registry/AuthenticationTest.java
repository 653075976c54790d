package dev.coracle.layers.registry;

import static dev.coracle.layers.registry.ScriptedRegistry.answer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.manifest.MediaTypes;
import dev.coracle.layers.reference.Reference;
import dev.coracle.layers.registry.credential.Credential;
import dev.coracle.layers.registry.credential.CredentialSource;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who we are is shown to those who may know, in the form that they want, and to nobody else. */
class AuthenticationTest {
    private static final String MANIFEST = "/v2/team/app/manifests/v1";
    private static final String SECRET = "s3cret";
    private static final CredentialSource LOGIN = registry -> new Credential.Password("me", SECRET);

    private final ScriptedRegistry registry = started();
    private final ScriptedRegistry other = started();

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
        other.close();
    }

    private Reference app() {
        return Reference.parse(registry.name() + "/team/app:v1");
    }

    private void get(CredentialSource credentials) {
        try (RegistryClient client = registry.client(credentials)) {
            client.manifest(app());
        }
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    }

    private static String authorization(RecordedRequest request) {
        return String.valueOf(request.getHeaders().get("Authorization"));
    }

    /** Answers with the challenge until the header comes. */
    private void guarded(String challenge, String header) {
        MockResponse good = answer(200, "{}", "Content-Type", MediaTypes.OCI_MANIFEST);
        registry.on(
                MANIFEST,
                request ->
                        authorization(request).equals(header) ? good : answer(401, "", "WWW-Authenticate", challenge));
    }

    private String realm(String path) {
        return "http://" + registry.name() + path;
    }

    @ParameterizedTest
    @ValueSource(strings = {"token", "access_token"})
    void aTokenIsFoundUnderBothNames(String field) {
        guarded("Bearer realm=\"" + realm("/token") + "\",service=\"the registry, of \\\"us\\\"\"", "Bearer abc");
        registry.on("/token", answer(200, "{\"" + field + "\":\"abc\"}"));
        get(LOGIN);
        RecordedRequest asked = registry.requests().get(1);
        assertThat(asked.getUrl().queryParameter("service")).isEqualTo("the registry, of \"us\"");
        assertThat(asked.getUrl().queryParameter("scope")).isEqualTo("repository:team/app:pull");
        assertThat(authorization(asked)).isEqualTo(basic("me", SECRET));
    }

    @Test
    void aTokenServesUntilItEnds() {
        guarded("Bearer realm=\"" + realm("/token") + "\"", "Bearer abc");
        registry.on("/token", answer(200, "{\"token\":\"abc\",\"expires_in\":300}"));
        try (RegistryClient client = registry.client(CredentialSource.NONE)) {
            client.manifest(app());
            client.manifest(app());
        }
        assertThat(registry.targets())
                .hasSize(4)
                .filteredOn(each -> each.startsWith("/token"))
                .hasSize(1);
    }

    @Test
    void aTokenThatHasEndedIsReplacedBeforeItIsRefused() {
        guarded("Bearer realm=\"" + realm("/token") + "\"", "Bearer abc");
        registry.on("/token", answer(200, "{\"token\":\"abc\",\"expires_in\":1}"));
        try (RegistryClient client = registry.client(CredentialSource.NONE)) {
            client.manifest(app());
            client.manifest(app());
        }
        assertThat(registry.targets().stream().map(each -> each.replaceFirst("\\?.*", "")))
                .containsExactly(MANIFEST, "/token", MANIFEST, "/token", MANIFEST);
    }

    @Test
    void aTokenThatIsRefusedEarlyIsReplacedOnce() {
        guarded("Bearer realm=\"" + realm("/token") + "\"", "Bearer one");
        registry.on("/token", List.of(answer(200, "{\"token\":\"one\"}"), answer(200, "{\"token\":\"two\"}")));
        try (RegistryClient client = registry.client(CredentialSource.NONE)) {
            client.manifest(app());
            guarded("Bearer realm=\"" + realm("/token") + "\"", "Bearer two");
            client.manifest(app());
        }
        assertThat(registry.targets()).hasSize(6);
    }

    @Test
    void anIdentityTokenIsExchanged() {
        guarded("Bearer realm=\"" + realm("/token") + "\",service=\"s\"", "Bearer abc");
        registry.on("/token", answer(200, "{\"access_token\":\"abc\"}"));
        get(name -> new Credential.IdentityToken("id+/="));
        RecordedRequest asked = registry.requests().get(1);
        assertThat(asked.getMethod()).isEqualTo("POST");
        assertThat(Objects.requireNonNull(asked.getBody()).utf8())
                .contains("grant_type=refresh_token", "refresh_token=id%2B%2F%3D", "service=s", "scope=repository%3A");
    }

    @Test
    void basicIsShownWithThousandsOfCharactersToo() {
        String long_ = "x".repeat(3000);
        guarded("BASIC realm=\"ECR\"", basic("AWS", long_));
        get(name -> new Credential.Password("AWS", long_));
        assertThat(registry.requests()).hasSize(2);
    }

    @Test
    void aRegistryTokenIsSentAsItIs() {
        guarded("Bearer realm=\"x\"", "Bearer given");
        get(name -> new Credential.RegistryToken("given"));
        assertThat(registry.requests()).hasSize(2);
    }

    @Test
    void aWrongPasswordIsSaidAndNotTriedAgain() {
        guarded("Basic realm=\"x\"", basic("me", "right"));
        assertThatThrownBy(() -> get(LOGIN))
                .isInstanceOfSatisfying(
                        LayerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DENIED))
                .hasMessageContaining("answers 401")
                .hasMessageNotContaining(SECRET);
        assertThat(registry.requests()).hasSize(2);
    }

    @Test
    void whoHasNoLoginIsToldToGetOne() {
        guarded("Basic realm=\"x\"", "never");
        assertThatThrownBy(() -> get(CredentialSource.NONE))
                .hasMessageContaining("log in at " + registry.name())
                .hasMessageContaining("a user and a password");
    }

    @Test
    void theTokenServicesRefusalIsShown() {
        guarded("Bearer realm=\"" + realm("/token") + "\"", "never");
        registry.on("/token", answer(401, "{\"errors\":[{\"message\":\"who are you\"}]}"));
        assertThatThrownBy(() -> get(LOGIN)).hasMessageContaining("get a token").hasMessageContaining("who are you");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"token\":\"a b\"}", "{\"token\":\"a\\nX-Evil: 1\"}", "[]", "<html>SECRETTOKEN"})
    void answersWithoutATokenAreSaid(String body) {
        guarded("Bearer realm=\"" + realm("/token") + "\"", "never");
        registry.on("/token", answer(200, body));
        assertThatThrownBy(() -> get(LOGIN)).isInstanceOf(LayerException.class).hasMessageNotContaining("SECRETTOKEN");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Bearer", "Bearer service=\"x\"", "Negotiate", "Digest realm=\"x\"", "", "Bearer realm=\"::\""})
    void challengesThatSayNothingAreSaid(String challenge) {
        guarded(challenge, "never");
        assertThatThrownBy(() -> get(LOGIN))
                .isInstanceOfSatisfying(
                        LayerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DENIED));
    }

    @Test
    void ofTwoChallengesTheTokenIsChosen() {
        guarded("Basic realm=\"x\", Bearer realm=\"" + realm("/token") + "\",service=\"s\"", "Bearer abc");
        registry.on("/token", answer(200, "{\"token\":\"abc\"}"));
        get(LOGIN);
        assertThat(registry.requests()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void credentialsStayHomeWhenAnotherHostIsNamed(int code) {
        MockResponse away = answer(code, "", "Location", "http://" + other.name() + "/store/x?Signature=1");
        registry.on(
                MANIFEST,
                request -> authorization(request).equals(basic("me", SECRET))
                        ? away
                        : answer(401, "", "WWW-Authenticate", "Basic realm=\"x\""));
        other.on("/store/x", answer(200, "{}"));
        get(LOGIN);
        assertThat(other.requests()).singleElement().satisfies(request -> {
            assertThat(request.getHeaders().get("Authorization")).isNull();
            assertThat(request.getHeaders().toString()).doesNotContain(SECRET);
        });
    }

    @Test
    void anotherHostThatWantsCredentialsGetsNone() {
        registry.on(MANIFEST, answer(307, "", "Location", "http://" + other.name() + "/x"));
        other.on("/x", answer(401, "", "WWW-Authenticate", "Basic realm=\"give\""));
        assertThatThrownBy(() -> get(LOGIN)).hasMessageContaining("answers 401");
        assertThat(other.requests()).hasSize(1);
    }

    @Test
    void aRelativeRedirectIsFollowedWithCredentials() {
        registry.on(
                MANIFEST,
                request -> authorization(request).startsWith("Basic")
                        ? answer(307, "", "Location", "../elsewhere?x=1")
                        : answer(401, "", "WWW-Authenticate", "Basic realm=\"x\""));
        registry.on("/v2/team/app/elsewhere?x=1", answer(200, "{}"));
        get(LOGIN);
        assertThat(authorization(registry.requests().getLast())).isEqualTo(basic("me", SECRET));
    }

    @ParameterizedTest
    @ValueSource(strings = {MANIFEST, "", "file:///etc/passwd", "gopher://x/"})
    void redirectsToNowhereEnd(String location) {
        registry.on(MANIFEST, answer(302, "", "Location", location));
        assertThatThrownBy(() -> get(LOGIN))
                .isInstanceOfSatisfying(
                        LayerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
        assertThat(registry.requests()).hasSizeLessThanOrEqualTo(10);
    }

    @Test
    void aMirrorIsAskedFirstAndItsFailureIsPassedOver() {
        other.on(MANIFEST, answer(200, "{\"mirrored\":1}"));
        Map<String, List<String>> mirrors = Map.of(registry.name(), List.of("http://" + other.name()));
        registry.on(MANIFEST, answer(200, "{\"origin\":1}"));
        try (RegistryClient client = registry.client(registry.settings().withMirrors(mirrors), LOGIN)) {
            assertThat(client.manifest(app()).text()).contains("mirrored");
            other.on(MANIFEST, answer(404, ""));
            assertThat(client.manifest(app()).text()).contains("origin");
        }
    }

    @Test
    void aMirrorServesDockerHub() {
        other.on("/v2/library/a/manifests/latest", answer(200, "{}"));
        Map<String, List<String>> mirrors = Map.of("docker.io", List.of("http://" + other.name()));
        try (RegistryClient client = registry.client(registry.settings().withMirrors(mirrors), CredentialSource.NONE)) {
            assertThat(client.manifest(Reference.parse("a")).text()).isEqualTo("{}");
        }
    }

    @Test
    void noSecretIsPrinted() {
        assertThat(List.of(
                        new Credential.Password("me", SECRET),
                        new Credential.IdentityToken(SECRET),
                        new Credential.RegistryToken(SECRET)))
                .allSatisfy(each -> assertThat(each.toString()).doesNotContain(SECRET));
    }
}
