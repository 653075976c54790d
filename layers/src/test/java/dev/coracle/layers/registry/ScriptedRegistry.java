package dev.coracle.layers.registry;

import dev.coracle.layers.Digest;
import dev.coracle.layers.registry.credential.CredentialSource;
import dev.coracle.layers.registry.http.HttpSettings;
import dev.coracle.layers.registry.http.Retries;
import dev.coracle.layers.registry.http.Timeouts;
import dev.coracle.layers.registry.http.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.Buffer;

/** A registry on this machine that says what a test tells it to, and keeps what it was asked. */
public final class ScriptedRegistry extends Dispatcher implements AutoCloseable {
    /** The clock of every client here stands still. */
    public static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final MockWebServer server = new MockWebServer();
    private final Map<String, Function<RecordedRequest, MockResponse>> answers = new ConcurrentHashMap<>();
    private final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();

    /** Starts it. */
    public ScriptedRegistry() throws IOException {
        server.setDispatcher(this);
        server.start(InetAddress.getLoopbackAddress(), 0);
    }

    /** Its name in references. */
    public String name() {
        return "127.0.0.1:" + server.getPort();
    }

    /** The port it listens on. */
    public int port() {
        return server.getPort();
    }

    /** Says what a path, with its query or for any query, is answered with. */
    public ScriptedRegistry on(String path, Function<RecordedRequest, MockResponse> answer) {
        answers.put(path, answer);
        return this;
    }

    /** Always the same answer. */
    public ScriptedRegistry on(String path, MockResponse answer) {
        return on(path, request -> answer);
    }

    /** One answer after the other; the last one for ever. */
    public ScriptedRegistry on(String path, List<MockResponse> inTurn) {
        int[] next = {0};
        return on(path, request -> inTurn.get(Math.min(next[0]++, inTurn.size() - 1)));
    }

    /** Serves bytes under their digest, ranges too. */
    public Digest blob(String repository, byte[] bytes) {
        Digest digest = Digest.sha256(bytes);
        on("/v2/" + repository + "/blobs/" + digest, request -> ranged(request, bytes));
        return digest;
    }

    /** Serves a manifest under a tag and its digest. */
    public Digest manifest(String repository, String tag, String type, String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        Digest digest = Digest.sha256(bytes);
        MockResponse answer = answer(200, bytes)
                .newBuilder()
                .setHeader("Content-Type", type)
                .setHeader("Docker-Content-Digest", digest)
                .build();
        on("/v2/" + repository + "/manifests/" + tag, answer);
        on("/v2/" + repository + "/manifests/" + digest, answer);
        return digest;
    }

    static MockResponse ranged(RecordedRequest request, byte[] bytes) {
        String range = String.valueOf(request.getHeaders().get("Range"));
        if (!range.startsWith("bytes=")) {
            return answer(200, bytes);
        }
        int from = Integer.parseInt(range.substring("bytes=".length(), range.indexOf('-')));
        return new MockResponse.Builder()
                .code(206)
                .setHeader("Content-Range", "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length)
                .body(new Buffer().write(bytes, from, bytes.length - from))
                .build();
    }

    /** An answer with a body. */
    public static MockResponse answer(int code, byte[] body) {
        return new MockResponse.Builder()
                .code(code)
                .body(new Buffer().write(body))
                .build();
    }

    /** An answer with a body and pairs of headers. */
    public static MockResponse answer(int code, String body, String... headers) {
        MockResponse.Builder builder = new MockResponse.Builder().code(code).body(body);
        for (int i = 0; i < headers.length; i += 2) {
            builder.setHeader(headers[i], headers[i + 1]);
        }
        return builder.build();
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) {
        requests.add(request);
        String target = String.valueOf(request.getTarget());
        Function<RecordedRequest, MockResponse> missing = asked -> answer(404, "");
        String path = target.replaceFirst("\\?.*", "");
        return answers.getOrDefault(target, answers.getOrDefault(path, missing)).apply(request);
    }

    /** What it was asked, in order. */
    public List<RecordedRequest> requests() {
        return requests;
    }

    /** The targets it was asked for, in order. */
    public List<String> targets() {
        return requests.stream().map(each -> String.valueOf(each.getTarget())).toList();
    }

    /** The pauses that clients made, none of which lasted. */
    public List<Duration> pauses() {
        return pauses;
    }

    /** Settings for a test: this registry without TLS; a busy machine is waited for. */
    public HttpSettings settings() {
        return settings(Timeouts.DEFAULT);
    }

    /** Settings for servers that never come to an end: little patience. */
    public HttpSettings impatient() {
        return settings(new Timeouts(
                Duration.ofSeconds(2), Duration.ofMillis(400), Duration.ofSeconds(2), Duration.ofMillis(1200)));
    }

    private HttpSettings settings(Timeouts timeouts) {
        return HttpSettings.DEFAULT
                .withPlain(Set.of(name()))
                .withPatience(timeouts, new Retries(4, Duration.ofMillis(500), Duration.ofMinutes(2)));
    }

    /** A client that waits for nothing. */
    public RegistryClient client(CredentialSource credentials) {
        return client(settings(), credentials);
    }

    /** The same with other settings. */
    public RegistryClient client(HttpSettings settings, CredentialSource credentials) {
        return new RegistryClient(new Transport(settings, credentials, pauses::add, () -> NOW));
    }

    @Override
    public void close() {
        server.close();
    }
}
