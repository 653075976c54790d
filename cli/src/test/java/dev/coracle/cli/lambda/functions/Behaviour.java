package dev.coracle.cli.lambda.functions;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** A function whose event is one JSON string that says what to do; it answers with a JSON string. */
public final class Behaviour implements RequestStreamHandler {
    private int calls;

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        String event = new String(input.readAllBytes(), StandardCharsets.UTF_8)
                .replace("\"", "")
                .strip();
        calls++;
        System.out.println("call " + calls + " does " + event);
        output.write(('"' + act(event, context) + '"').getBytes(StandardCharsets.UTF_8));
    }

    private String act(String event, Context context) throws IOException {
        if (event.startsWith("run ")) {
            return run(event.substring("run ".length()));
        }
        return switch (event) {
            case "fail" -> throw new IllegalStateException("as asked");
            case "exit" -> {
                Runtime.getRuntime().halt(7);
                yield "";
            }
            case "kill" -> {
                new ProcessBuilder(
                                "/bin/kill",
                                "-9",
                                String.valueOf(ProcessHandle.current().pid()))
                        .start();
                yield hang();
            }
            case "hang" -> hang();
            case "big" -> "x".repeat(6 * 1024 * 1024 + 200);
            case "context" ->
                context.getAwsRequestId()
                        + ' '
                        + context.getRemainingTimeInMillis()
                        + ' '
                        + context.getInvokedFunctionArn()
                        + ' '
                        + System.getProperty("com.amazonaws.xray.traceHeader");
            case "variables" -> System.getenv().toString();
            case "linger" -> {
                new ProcessBuilder("/bin/sleep", "1000").start();
                Thread.ofPlatform().daemon().start(Behaviour::spin);
                yield "";
            }
            default -> event + " " + calls;
        };
    }

    /** Runs a shell command line; its output goes to the log. */
    private static String run(String command) throws IOException {
        Process process = new ProcessBuilder("/bin/sh", "-c", command)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            return String.valueOf(process.waitFor());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private static void spin() {
        while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
    }

    private static String hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "";
    }
}
