package dev.coracle.layers.registry;

import static dev.coracle.layers.registry.ScriptedRegistry.answer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coracle.layers.Digest;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.blob.BlobFolder;
import dev.coracle.layers.manifest.MediaTypes;
import dev.coracle.layers.reference.Platform;
import dev.coracle.layers.reference.Reference;
import dev.coracle.layers.registry.credential.CredentialSource;
import dev.coracle.layers.registry.http.HttpSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okio.Buffer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a registry does, the outcome is the right blob or a clear failure, and nothing false lies under a digest. */
class HostileRegistryTest {
    private static final String APP = "team/app";
    private static final Platform HERE = Platform.parse("linux/amd64", "");
    private static final byte[] LAYER = random(3 << 20);
    private static final byte[] CONFIG = "{}".getBytes(UTF_8);

    @TempDir
    Path temp;

    private ScriptedRegistry registry = started();

    private static ScriptedRegistry started() {
        try {
            return new ScriptedRegistry();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    @BeforeEach
    void serveAnImage() {
        registry.blob(APP, CONFIG);
        registry.blob(APP, LAYER);
        registry.manifest(
                APP,
                "v1",
                MediaTypes.OCI_MANIFEST,
                manifest(Digest.sha256(LAYER).toString(), LAYER.length));
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private static String manifest(String layerDigest, long layerSize) {
        return """
                {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"%s","digest":"%s","size":%d},
                 "layers":[{"mediaType":"%s","digest":"%s","size":%d}]}""".formatted(
                        MediaTypes.OCI_MANIFEST,
                        MediaTypes.OCI_CONFIG,
                        Digest.sha256(CONFIG),
                        CONFIG.length,
                        MediaTypes.OCI_LAYER,
                        layerDigest,
                        layerSize);
    }

    private void layer(MockResponse... inTurn) {
        registry.on("/v2/" + APP + "/blobs/" + Digest.sha256(LAYER), List.of(inTurn));
    }

    private static MockResponse whole() {
        return answer(200, LAYER);
    }

    private static MockResponse.Builder body(byte[] bytes, int from, int to) {
        return new MockResponse.Builder().body(new Buffer().write(bytes, from, to - from));
    }

    /** The rest of the layer, as an honest server gives it. */
    private static MockResponse rest(int from) {
        return body(LAYER, from, LAYER.length)
                .code(206)
                .setHeader("Content-Range", "bytes " + from + "-" + (LAYER.length - 1) + "/" + LAYER.length)
                .build();
    }

    /** A body that announces all of the layer and ends early with the connection. */
    private static MockResponse cut(int at) {
        return body(LAYER, 0, at)
                .setHeader("Content-Length", LAYER.length)
                .onResponseEnd(SocketEffect.ShutdownConnection.INSTANCE)
                .build();
    }

    private void pull() {
        pull(registry.settings());
    }

    private void pull(HttpSettings settings) {
        try (RegistryClient client = registry.client(settings, CredentialSource.NONE)) {
            new ImagePull(client, new BlobFolder(temp), 3)
                    .pull(Reference.parse(registry.name() + "/" + APP + ":v1"), HERE, TransferProgress.SILENT);
        }
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertPullFails(Kind kind) {
        return assertPullFails(registry.settings(), kind);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertPullFails(HttpSettings settings, Kind kind) {
        return assertThatThrownBy(() -> pull(settings))
                .isInstanceOfSatisfying(
                        LayerException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private void assertLayerIsHere() throws IOException {
        assertThat(temp.resolve(Digest.sha256(LAYER).toString())).hasBinaryContent(LAYER);
        assertThat(visible()).hasSize(2);
    }

    private void assertNoLayerIsHere() throws IOException {
        assertThat(visible())
                .as("only the configuration")
                .isSubsetOf(Digest.sha256(CONFIG).toString());
    }

    private List<String> visible() throws IOException {
        try (Stream<Path> files = Files.list(temp)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith(".lock-"))
                    .toList();
        }
    }

    @Test
    void anHonestAnswerIsTaken() throws Exception {
        pull();
        assertLayerIsHere();
        int asked = registry.requests().size();
        assertThat(asked).isEqualTo(3);
        pull();
        assertThat(registry.requests()).as("only the manifest the second time").hasSize(asked + 1);
    }

    @Test
    void aBlobOfTheRightSizeWithOtherBytesIsRefused() throws Exception {
        byte[] other = LAYER.clone();
        other[77]++;
        layer(answer(200, other));
        assertPullFails(Kind.DIGEST_MISMATCH).hasMessageContaining("expected sha256:");
        assertNoLayerIsHere();
    }

    @Test
    void aBlobInThePlaceOfAnotherIsRefused() throws Exception {
        layer(answer(200, CONFIG));
        assertPullFails(Kind.DIGEST_MISMATCH).hasMessageContaining("its size is 2, expected " + LAYER.length);
        assertNoLayerIsHere();
    }

    @Test
    void aCutBodyIsContinuedWhereItEnded() throws Exception {
        layer(cut(1_500_000), rest(1_500_000));
        pull();
        assertLayerIsHere();
        assertThat(registry.requests())
                .anySatisfy(
                        request -> assertThat(request.getHeaders().get("Range")).isEqualTo("bytes=1500000-"));
    }

    @Test
    void aServerWithoutRangesBeginsAgain() throws Exception {
        layer(cut(1_500_000), whole());
        pull();
        assertLayerIsHere();
    }

    @Test
    void aRangeThatWasNotAskedForIsNotBelieved() throws Exception {
        layer(cut(1_500_000), rest(1_400_000), whole());
        pull();
        assertLayerIsHere();
    }

    @Test
    void aBodyThatIsAlwaysCutEndsInAFailureThatKeepsWhatCame() throws Exception {
        layer(cut(1000));
        assertPullFails(Kind.NETWORK).hasMessageContaining("broke off 4 times").hasMessageContaining("is kept");
        assertThat(visible()).noneMatch(name -> name.equals(Digest.sha256(LAYER).toString()));
        assertThat(registry.pauses()).startsWith(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @Test
    void aLaterRunGoesOnWhereAnEarlierOneFailed() throws Exception {
        layer(cut(1_500_000), cut(0));
        assertPullFails(Kind.NETWORK);
        layer(rest(1_500_000));
        pull();
        assertLayerIsHere();
    }

    @Test
    void whatAnEarlierRunLeftIsNotBelieved() throws Exception {
        Files.write(temp.resolve(".partial-" + Digest.sha256(LAYER)), new byte[1_500_000]);
        registry.blob(APP, LAYER);
        pull();
        assertLayerIsHere();
    }

    @Test
    void aLengthThatLiesIsNoticedBeforeAnythingIsTaken() throws Exception {
        layer(body(LAYER, 0, LAYER.length)
                .setHeader("Content-Length", LAYER.length + 5)
                .onResponseEnd(SocketEffect.ShutdownConnection.INSTANCE)
                .build());
        assertPullFails(Kind.DIGEST_MISMATCH).hasMessageContaining("its size is " + (LAYER.length + 5));
        assertNoLayerIsHere();
    }

    @Test
    void aBodyWithoutEndIsLeft() throws Exception {
        layer(new MockResponse.Builder()
                .chunkedBody(new Buffer().write(LAYER).write(LAYER), 1 << 16)
                .build());
        assertPullFails(Kind.DIGEST_MISMATCH).hasMessageContaining("its size is larger");
        assertNoLayerIsHere();
    }

    @Test
    void aManifestWithoutEndIsLeft() {
        registry.on("/v2/" + APP + "/manifests/v1", answer(200, new byte[5 << 20]));
        assertPullFails(Kind.CORRUPT).hasMessageContaining("more than 4194304 bytes");
    }

    @Test
    void aTrickleIsNotWaitedFor() throws Exception {
        layer(body(LAYER, 0, LAYER.length)
                .throttleBody(100, 100, TimeUnit.MILLISECONDS)
                .build());
        assertPullFails(registry.impatient(), Kind.NETWORK).hasMessageContaining("it brings only");
        assertThat(visible()).doesNotContain(Digest.sha256(LAYER).toString());
    }

    @Test
    void aServerThatSaysNothingIsNotWaitedFor() {
        registry.on(
                "/v2/" + APP + "/manifests/v1",
                new MockResponse.Builder().headersDelay(3, TimeUnit.SECONDS).build());
        assertPullFails(registry.impatient(), Kind.NETWORK)
                .hasMessageContaining("127.0.0.1")
                .hasMessageContaining("try again");
        assertThat(registry.pauses()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../../etc/passwd",
                "sha256:../../pwned",
                "sha256:",
                "sha256:00",
                "SHA256:x",
                "md5:d41d8cd98f00b204e9800998ecf8427e",
                ""
            })
    void digestsThatAreNoneAreRefused(String digest) throws Exception {
        registry.manifest(APP, "v1", MediaTypes.OCI_MANIFEST, manifest(digest, 5));
        assertPullFails(Kind.CORRUPT).hasMessageContaining("digest");
        assertThat(visible()).isEmpty();
    }

    @Test
    void aManifestThatIsNotWhatItsDigestSaysIsRefused() {
        registry.on(
                "/v2/" + APP + "/manifests/v1",
                answer(200, "{}", "Docker-Content-Digest", Digest.sha256(LAYER).toString()));
        assertPullFails(Kind.DIGEST_MISMATCH);
    }

    @Test
    void aManifestAskedForByDigestMustHaveIt() {
        Digest wanted = Digest.sha256(CONFIG);
        registry.on("/v2/" + APP + "/manifests/" + wanted, answer(200, manifest(wanted.toString(), 2)));
        try (RegistryClient client = registry.client(CredentialSource.NONE)) {
            assertThatThrownBy(() -> client.manifest(Reference.parse(registry.name() + "/" + APP + "@" + wanted)))
                    .isInstanceOfSatisfying(
                            LayerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DIGEST_MISMATCH));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503, 504})
    void busyServersAreAskedAgainWhenTheySay(int code) throws Exception {
        layer(
                answer(code, "", "Retry-After", "7"),
                answer(code, "", "Retry-After", "Thu, 01 Jan 2026 00:01:00 GMT"),
                whole());
        pull();
        assertLayerIsHere();
        assertThat(registry.pauses()).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(60));
    }

    @Test
    void aServerThatStaysBusyIsLeftAfterLongerAndLongerPauses() {
        registry.on("/v2/" + APP + "/manifests/v1", answer(503, "{\"errors\":[{\"message\":\"tea\\u001b[31mtime\"}]}"));
        assertPullFails(Kind.NETWORK)
                .hasMessageContaining("answers 503: tea [31mtime")
                .hasMessageContaining("later");
        assertThat(registry.pauses())
                .containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @Test
    void aServerThatAsksForTooMuchPatienceIsLeftAtOnce() {
        registry.on("/v2/" + APP + "/manifests/v1", answer(429, "", "Retry-After", "21600"));
        assertPullFails(Kind.NETWORK).hasMessageContaining("asks to wait 21600").hasMessageContaining("mirror");
        assertThat(registry.pauses()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 405, 410, 418})
    void refusalsAreNotRepeated(int code) {
        registry.on("/v2/" + APP + "/manifests/v1", answer(code, ""));
        assertPullFails(code == 404 ? Kind.NOT_FOUND : Kind.NETWORK);
        assertThat(registry.requests()).hasSize(1);
    }

    @Test
    void brokenConnectionsAreMadeAgain() throws Exception {
        MockResponse broken = new MockResponse.Builder()
                .onResponseStart(new SocketEffect.CloseSocket())
                .build();
        layer(broken, broken, whole());
        pull();
        assertLayerIsHere();
    }

    @ParameterizedTest
    @ValueSource(strings = {"artifact", "both", "neither", "liar", "twice", "deep", "text"})
    void documentsThatAreNoManifestsAreRefused(String kind) {
        String good = manifest(Digest.sha256(LAYER).toString(), LAYER.length);
        String json = switch (kind) {
            case "artifact" -> good.replace(MediaTypes.OCI_CONFIG, "application/vnd.cncf.helm.config.v1+json");
            case "both" -> good.replace("\"layers\"", "\"manifests\":[],\"layers\"");
            case "neither" -> "{\"schemaVersion\":2}";
            case "liar" -> good.replace(MediaTypes.OCI_MANIFEST, MediaTypes.OCI_INDEX);
            case "twice" -> good.replace("\"schemaVersion\":2", "\"schemaVersion\":2,\"schemaVersion\":1");
            case "deep" -> "{\"layers\":" + "[".repeat(5000) + "]".repeat(5000) + "}";
            default -> "<html>";
        };
        registry.manifest(APP, "v1", MediaTypes.OCI_MANIFEST, json);
        assertPullFails(kind.equals("artifact") ? Kind.UNSUPPORTED : Kind.CORRUPT)
                .hasMessageContaining("read the manifest of " + registry.name());
    }

    @Test
    void oneBlobWithTwoSizesIsRefused() {
        String good = manifest(Digest.sha256(CONFIG).toString(), 3);
        registry.manifest(APP, "v1", MediaTypes.OCI_MANIFEST, good);
        assertPullFails(Kind.CORRUPT).hasMessageContaining("two sizes");
    }
}
