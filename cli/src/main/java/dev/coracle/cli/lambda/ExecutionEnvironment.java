package dev.coracle.cli.lambda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One started bootstrap with its own Runtime API, from its init to its end; used by one thread at a time. */
final class ExecutionEnvironment implements AutoCloseable {
    private final RuntimeApi api;
    private final FunctionProcess function;
    private final Freezer freezer;
    private final Path log;
    private long logRead;
    private boolean usable = true;

    private ExecutionEnvironment(RuntimeApi api, FunctionProcess function, Path log) {
        this.api = api;
        this.function = function;
        this.freezer = new Freezer(function);
        this.log = log;
    }

    /** Starts the bootstrap; the log file must be a new name. */
    static ExecutionEnvironment start(LambdaSettings settings, Sandbox sandbox, Path log) throws IOException {
        RuntimeApi api = RuntimeApi.open();
        try {
            Map<String, String> variables =
                    LambdaVariables.of(settings, sandbox.bootstrap(), api.address(), Clock.systemUTC());
            FunctionProcess function = sandbox.start(variables, log);
            var unused = function.process()
                    .onExit()
                    .thenAccept(ended -> api.signal(new RuntimeSignal.Exited(ended.exitValue())));
            return new ExecutionEnvironment(api, function, log);
        } catch (IOException e) {
            api.close();
            throw e;
        }
    }

    /**
     * Waits until the runtime asks for its first event.
     *
     * @return the failure, or empty when it is ready
     */
    Optional<Outcome.Failed> awaitInit(String requestId, Duration limit) throws InterruptedException {
        Outcome.@Nullable Failed failure = switch (api.await(limit.toNanos())) {
            case RuntimeSignal.Next next -> null;
            case RuntimeSignal.InitFailed(Outcome.Failed reported) -> reported;
            case RuntimeSignal.Exited(int status) -> LambdaErrors.exited(requestId, status);
            case RuntimeSignal.Ended(Outcome outcome) ->
                LambdaErrors.failed("Runtime.Unknown", "a response without a request");
            case null -> LambdaErrors.timedOut(requestId, limit);
        };
        usable = failure == null;
        return Optional.ofNullable(failure);
    }

    /**
     * Wakes the processes, hands out one event and waits until the runtime asks for the next, is gone, or the time is
     * over.
     */
    Outcome invoke(Handout handout, Duration limit) throws InterruptedException {
        freezer.thaw();
        api.handOut(handout);
        long deadline = System.nanoTime() + limit.toNanos();
        Outcome outcome = null;
        while (true) {
            RuntimeSignal signal = api.await(deadline - System.nanoTime());
            switch (signal) {
                case RuntimeSignal.Ended(Outcome answer) -> outcome = answer;
                case RuntimeSignal.Next next -> {
                    return outcome != null
                            ? outcome
                            : LambdaErrors.failed("Runtime.Unknown", "the runtime gave no response");
                }
                case RuntimeSignal.InitFailed(Outcome.Failed failure) -> outcome = failure;
                case RuntimeSignal.Exited(int status) -> {
                    usable = false;
                    return outcome != null ? outcome : LambdaErrors.exited(handout.requestId(), status);
                }
                case null -> {
                    usable = false;
                    return outcome != null ? outcome : LambdaErrors.timedOut(handout.requestId(), limit);
                }
            }
        }
    }

    /** Stops all processes until the next event. */
    void freeze() {
        freezer.freeze();
    }

    /** False after a failed init, a time-out or a crash: such an environment is thrown away. */
    boolean usable() {
        return usable;
    }

    long maxMemoryBytes() {
        return function.maxMemoryBytes();
    }

    Set<Integer> members() {
        return function.members();
    }

    /** Ends everything that runs, from any thread; who waits in {@link #invoke} sees a crash. */
    void abort() {
        function.destroy();
    }

    /** What was logged since the last call; complete because whoever writes is frozen or gone. */
    String newLog() throws IOException {
        byte[] all = Files.readAllBytes(log);
        String text = new String(all, (int) logRead, all.length - (int) logRead, StandardCharsets.UTF_8);
        logRead = all.length;
        return text;
    }

    @Override
    public void close() {
        usable = false;
        function.destroy();
        api.close();
    }
}
