package dev.coracle.cli.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RuntimeApiTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final Handout HANDOUT = Handout.of("some-id", "{\"a\":1}", NOW, NOW.plusSeconds(3));

    private final RuntimeApi api;
    private final HttpClient client = HttpClient.newHttpClient();

    RuntimeApiTest() throws IOException {
        api = RuntimeApi.open();
    }

    @AfterEach
    void close() {
        client.close();
        api.close();
    }

    @Test
    void handsOutTheEventWithItsHeaders() throws IOException, InterruptedException {
        api.handOut(HANDOUT);
        HttpResponse<String> next = get("invocation/next");

        assertThat(next.body()).isEqualTo("{\"a\":1}");
        assertThat(next.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(next.headers().firstValue("Lambda-Runtime-Aws-Request-Id")).contains("some-id");
        assertThat(next.headers().firstValue("Lambda-Runtime-Deadline-Ms")).contains("1800000003000");
        assertThat(next.headers().firstValue("Lambda-Runtime-Trace-Id")).contains(HANDOUT.traceId());
        assertThat(next.headers().firstValue("Lambda-Runtime-Invoked-Function-Arn"))
                .isPresent();
        assertThat(api.await(TimeUnit.SECONDS.toNanos(5))).isEqualTo(new RuntimeSignal.Next());
    }

    @Test
    void takesOneResponsePerRequest() throws IOException, InterruptedException {
        api.handOut(HANDOUT);

        assertThat(post("invocation/other-id/response", "{}").statusCode()).isEqualTo(400);
        assertThat(post("invocation/some-id/response", "{}").statusCode()).isEqualTo(202);
        assertThat(post("invocation/some-id/response", "{}").body()).contains("InvalidRequestID");
        assertThat(api.await(0)).isEqualTo(new RuntimeSignal.Ended(new Outcome.Answered("{}")));
        assertThat(api.await(0)).isNull();
    }

    @Test
    void takesAResponseOfExactlyTheLimitAndRefusesOneMore() throws IOException, InterruptedException {
        api.handOut(HANDOUT);
        assertThat(post("invocation/some-id/response", "x".repeat(LambdaErrors.LARGEST_PAYLOAD))
                        .statusCode())
                .isEqualTo(202);
        api.handOut(HANDOUT);
        HttpResponse<String> refused =
                post("invocation/some-id/response", "x".repeat(LambdaErrors.LARGEST_PAYLOAD + 1));

        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(refused.body()).contains("RequestEntityTooLarge");
    }

    @Test
    void passesErrorsOnWithTheirType() throws IOException, InterruptedException {
        api.handOut(HANDOUT);
        post("invocation/some-id/error", "{\"errorMessage\":\"m\"}");
        post("init/error", "{\"errorMessage\":\"i\"}");

        assertThat(api.await(0))
                .isEqualTo(new RuntimeSignal.Ended(new Outcome.Failed("Test.Type", "{\"errorMessage\":\"m\"}")));
        assertThat(api.await(0))
                .isEqualTo(new RuntimeSignal.InitFailed(new Outcome.Failed("Test.Type", "{\"errorMessage\":\"i\"}")));
    }

    @Test
    void knowsNoOtherPath() throws IOException, InterruptedException {
        assertThat(get("restore/next").statusCode()).isEqualTo(404);
        assertThat(post("invocation/next", "").statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> get(String call) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(call)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String call, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri(call))
                .header("Lambda-Runtime-Function-Error-Type", "Test.Type")
                .POST(BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private URI uri(String call) {
        return URI.create("http://" + api.address() + "/2018-06-01/runtime/" + call);
    }
}
