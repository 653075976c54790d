package dev.coracle.cli.lambda;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The Runtime API of version 2018-06-01 for one execution environment, on the loopback address. What the runtime does
 * arrives as {@link RuntimeSignal}s. A server serves one environment only, so nothing of a killed one can reach the next.
 */
final class RuntimeApi implements AutoCloseable {
    private static final String BASE = "/2018-06-01/runtime/";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final BlockingQueue<RuntimeSignal> signals = new LinkedBlockingQueue<>();
    private final BlockingQueue<Handout> handouts = new LinkedBlockingQueue<>();

    /** The request that may still be answered; null before the first, and after its answer. */
    private final AtomicReference<@Nullable String> openRequest = new AtomicReference<>();

    private RuntimeApi(HttpServer server) {
        this.server = server;
    }

    static RuntimeApi open() throws IOException {
        InetAddress loopback = InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
        RuntimeApi api = new RuntimeApi(HttpServer.create(new InetSocketAddress(loopback, 0), 0));
        api.server.createContext("/", api::dispatch);
        api.server.setExecutor(api.threads);
        api.server.start();
        return api;
    }

    /** For {@code AWS_LAMBDA_RUNTIME_API}. */
    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Gives the waiting runtime its next event. */
    void handOut(Handout handout) {
        openRequest.set(handout.requestId());
        handouts.add(handout);
    }

    /** Adds what the supervisor learnt in another way, such as the end of the process. */
    void signal(RuntimeSignal signal) {
        signals.add(signal);
    }

    /** The next signal, or null when none came within the time. */
    @Nullable
    RuntimeSignal await(long nanos) throws InterruptedException {
        return signals.poll(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void dispatch(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String call =
                    exchange.getRequestMethod() + " " + (path.startsWith(BASE) ? path.substring(BASE.length()) : "");
            String requestId = call.replaceAll("^POST invocation/([^/]+)/(response|error)$", "$1");
            if (call.equals("GET invocation/next")) {
                next(exchange);
            } else if (call.equals("POST init/error")) {
                signals.add(new RuntimeSignal.InitFailed(failure(exchange, "Runtime.Unknown")));
                accept(exchange);
            } else if (call.equals("POST invocation/" + requestId + "/response")) {
                response(exchange, requestId);
            } else if (call.equals("POST invocation/" + requestId + "/error")) {
                error(exchange, requestId);
            } else {
                reply(exchange, 404, LambdaErrors.json("NotFound", "There is no " + path));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void next(HttpExchange exchange) throws IOException, InterruptedException {
        signals.add(new RuntimeSignal.Next());
        Handout handout = handouts.take();
        Headers headers = exchange.getResponseHeaders();
        headers.set("Lambda-Runtime-Aws-Request-Id", handout.requestId());
        headers.set(
                "Lambda-Runtime-Deadline-Ms", String.valueOf(handout.deadline().toEpochMilli()));
        headers.set("Lambda-Runtime-Trace-Id", handout.traceId());
        headers.set(
                "Lambda-Runtime-Invoked-Function-Arn",
                "arn:aws:lambda:" + LambdaVariables.REGION + ":123456789012:function:" + LambdaVariables.FUNCTION_NAME);
        reply(exchange, 200, handout.event());
    }

    private void response(HttpExchange exchange, String requestId) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(LambdaErrors.LARGEST_PAYLOAD + 1);
        boolean tooLarge = body.length > LambdaErrors.LARGEST_PAYLOAD;
        // Unread bytes would reset the connection before the runtime sees the answer.
        exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
        Outcome outcome = tooLarge
                ? LambdaErrors.responseTooLarge()
                : new Outcome.Answered(new String(body, StandardCharsets.UTF_8));
        if (!end(exchange, requestId, outcome)) {
            return;
        }
        if (tooLarge) {
            String message = "Exceeded maximum allowed payload size (" + LambdaErrors.LARGEST_PAYLOAD + " bytes).";
            reply(exchange, 413, LambdaErrors.json("RequestEntityTooLarge", message));
        } else {
            accept(exchange);
        }
    }

    private void error(HttpExchange exchange, String requestId) throws IOException {
        if (end(exchange, requestId, failure(exchange, "Function.Unknown"))) {
            accept(exchange);
        }
    }

    /** Takes the outcome of the open request; any other request id is answered with an error here. */
    private boolean end(HttpExchange exchange, String requestId, Outcome outcome) throws IOException {
        if (!Objects.equals(openRequest.get(), requestId)) {
            reply(exchange, 400, LambdaErrors.json("InvalidRequestID", "Invalid request ID"));
            return false;
        }
        openRequest.set(null);
        signals.add(new RuntimeSignal.Ended(outcome));
        return true;
    }

    private static Outcome.Failed failure(HttpExchange exchange, String otherwise) throws IOException {
        String type = exchange.getRequestHeaders().getFirst("Lambda-Runtime-Function-Error-Type");
        try (InputStream body = exchange.getRequestBody()) {
            String payload = new String(body.readNBytes(LambdaErrors.LARGEST_PAYLOAD), StandardCharsets.UTF_8);
            return new Outcome.Failed(type == null ? otherwise : type, payload);
        }
    }

    private static void accept(HttpExchange exchange) throws IOException {
        reply(exchange, 202, "{\"status\":\"OK\"}");
    }

    private static void reply(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        // The Java runtime interface client crashes on an event without a content type.
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
