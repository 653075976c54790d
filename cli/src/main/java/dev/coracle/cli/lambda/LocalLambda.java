package dev.coracle.cli.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coracle.layers.FileProblem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One function as Lambda would run it. The execution environment is started by the first event, kept frozen between
 * events, and replaced after a time-out or a crash. Invocations take turns. Everything outside memory is gone after
 * {@link #close}, which also runs when the program is told to end.
 */
public final class LocalLambda implements AutoCloseable {
    /** Lambda gives up on an init after this time and starts it again within the time of the invocation. */
    private static final Duration LONGEST_INIT = Duration.ofSeconds(10);

    private final LambdaSettings settings;
    private final ScratchFolder scratch;
    private final Sandbox sandbox;
    private final SandboxKind kind;
    private final List<String> notices;
    private final Thread closeAtExit = new Thread(this::closeAtOnce, "coracle-lambda-close");
    private int environments;

    /** Written under the lock only; read without it to end a running invocation when the program ends. */
    private volatile @Nullable ExecutionEnvironment environment;

    private volatile boolean ending;
    private boolean closed;

    private Duration longestInit = LONGEST_INIT;

    private LocalLambda(LambdaSettings settings, ScratchFolder scratch, Deployment deployment) throws IOException {
        this.settings = settings;
        this.scratch = scratch;
        String hindrance = settings.sandbox() == SandboxKind.NONE ? "" : RuncSandbox.hindrance();
        if (settings.sandbox() == SandboxKind.RUNC && !hindrance.isEmpty()) {
            throw new LambdaException(
                    LambdaException.Kind.SANDBOX,
                    "starting the runc sandbox",
                    hindrance,
                    "Use another sandbox: --sandbox=auto or --sandbox=none.");
        }
        this.kind =
                settings.sandbox() == SandboxKind.NONE || !hindrance.isEmpty() ? SandboxKind.NONE : SandboxKind.RUNC;
        this.sandbox = kind == SandboxKind.RUNC
                ? new RuncSandbox(settings, deployment, scratch)
                : new PlainSandbox(settings, deployment, scratch);
        this.notices = new ArrayList<>(deployment.notices());
        if (!hindrance.isEmpty()) {
            notices.add("no sandbox: " + hindrance);
        }
        notices.addAll(sandbox.notices());
    }

    /**
     * Unpacks the function and its layers and prepares the sandbox; the function itself starts with the first event.
     *
     * @throws LambdaException when a zip is not safe to unpack or the sandbox is not to be had
     */
    public static LocalLambda start(LambdaSettings settings) {
        ScratchFolder scratch = null;
        try {
            scratch = ScratchFolder.create();
            LocalLambda lambda = new LocalLambda(settings, scratch, Deployment.unpack(settings, scratch));
            Runtime.getRuntime().addShutdownHook(lambda.closeAtExit);
            scratch = null;
            return lambda;
        } catch (IOException e) {
            throw failed("preparing the function", e);
        } finally {
            if (scratch != null) {
                scratch.close();
            }
        }
    }

    /** The sandbox in use: never {@link SandboxKind#AUTO}. */
    public SandboxKind sandbox() {
        return kind;
    }

    /** What is weaker here than in Lambda, or what Lambda would refuse; one sentence each, for the user. */
    public List<String> notices() {
        return List.copyOf(notices);
    }

    /**
     * Ids of the processes of the current execution environment as this machine numbers them; empty when there is none.
     * Between invocations all of them are stopped.
     */
    public synchronized Set<Integer> processes() {
        ExecutionEnvironment running = environment;
        return running == null ? Set.of() : running.members();
    }

    /**
     * Sends one event and waits for the end of the invocation.
     *
     * @param event JSON in UTF-8, at most 6 MB
     * @return what the caller of the function would get; a function that fails is an {@link Outcome.Failed}
     * @throws LambdaException when the event is refused or the sandbox cannot be started
     */
    public synchronized Invocation invoke(byte[] event) {
        checkEvent(event);
        if (closed) {
            throw new IllegalStateException("this local Lambda is closed");
        }
        String requestId = UUID.randomUUID().toString();
        boolean coldStart = environment == null;
        try {
            long start = System.nanoTime();
            Optional<Outcome.Failed> initFailure = coldStart ? startEnvironment(requestId) : Optional.empty();
            Duration init = coldStart ? Duration.ofNanos(System.nanoTime() - start) : Duration.ZERO;
            long handedOut = System.nanoTime();
            Outcome outcome = initFailure.isPresent()
                    ? initFailure.get()
                    : handOut(requestId, new String(event, StandardCharsets.UTF_8));
            Duration duration = Duration.ofNanos(System.nanoTime() - handedOut);
            return finish(requestId, outcome, new Timings(init, duration), coldStart);
        } catch (IOException e) {
            dropEnvironment();
            throw failed("running the function", e);
        } catch (InterruptedException e) {
            dropEnvironment();
            Thread.currentThread().interrupt();
            throw failed("waiting for the function", e);
        }
    }

    /** Another time after which an init is given up and repeated. */
    synchronized LocalLambda withLongestInit(Duration limit) {
        longestInit = limit;
        return this;
    }

    /** Where the unpacked code is; gone after {@link #close}. */
    Path folder() {
        return scratch.path();
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        dropEnvironment();
        scratch.close();
        if (Thread.currentThread() != closeAtExit) {
            removeHook();
        }
    }

    private Optional<Outcome.Failed> startEnvironment(String requestId) throws IOException, InterruptedException {
        Optional<Outcome.Failed> failure = startOnce(requestId, longestInit);
        if (failure.isPresent() && failure.get().errorType().equals("Sandbox.Timedout")) {
            dropEnvironment();
            return startOnce(requestId, settings.timeout());
        }
        return failure;
    }

    private Optional<Outcome.Failed> startOnce(String requestId, Duration limit)
            throws IOException, InterruptedException {
        Path log = scratch.path().resolve("log-" + ++environments);
        ExecutionEnvironment started = ExecutionEnvironment.start(settings, sandbox, log);
        environment = started;
        if (ending) {
            started.abort();
        }
        return started.awaitInit(requestId, limit);
    }

    private Outcome handOut(String requestId, String event) throws InterruptedException {
        Instant now = Instant.now();
        Handout handout = Handout.of(requestId, event, now, now.plus(settings.timeout()));
        return current().invoke(handout, settings.timeout());
    }

    private Invocation finish(String requestId, Outcome outcome, Timings timings, boolean coldStart)
            throws IOException {
        ExecutionEnvironment used = current();
        long memory = used.maxMemoryBytes();
        if (used.usable()) {
            used.freeze();
        } else {
            dropEnvironment();
        }
        return new Invocation(requestId, outcome, used.newLog(), timings, coldStart, memory);
    }

    private ExecutionEnvironment current() {
        ExecutionEnvironment running = environment;
        if (running == null) {
            throw new IllegalStateException("there is no execution environment");
        }
        return running;
    }

    private void dropEnvironment() {
        ExecutionEnvironment running = environment;
        environment = null;
        if (running != null) {
            running.close();
        }
    }

    private static void checkEvent(byte[] event) {
        if (event.length > LambdaErrors.LARGEST_PAYLOAD) {
            throw refused(
                    event.length + " bytes are more than the " + LambdaErrors.LARGEST_PAYLOAD + " that Lambda takes",
                    null);
        }
        try {
            ObjectMapper strict = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
            if (strict.readTree(event).isMissingNode()) {
                throw refused("it is empty", null);
            }
        } catch (JsonProcessingException e) {
            // The parser adds where it began, which is of no use without the source it names.
            throw refused("it is not JSON: " + e.getOriginalMessage().replaceFirst(" \\(start marker at .*", ""), e);
        } catch (IOException e) {
            throw refused("it cannot be read", e);
        }
    }

    private static LambdaException refused(String happened, @Nullable Throwable cause) {
        return new LambdaException(
                LambdaException.Kind.EVENT,
                "reading the event",
                happened,
                "Give one JSON text of at most 6 MB.",
                cause);
    }

    private static LambdaException failed(String tried, Exception cause) {
        String happened = cause instanceof IOException e ? FileProblem.of(e) : "the wait was interrupted";
        return new LambdaException(
                LambdaException.Kind.SANDBOX, tried, happened, "Is there space left, and is runc usable here?", cause);
    }

    /** An invocation that is running would keep {@link #close} waiting for the whole time limit. */
    private void closeAtOnce() {
        ending = true;
        ExecutionEnvironment running = environment;
        if (running != null) {
            running.abort();
        }
        close();
    }

    private void removeHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(closeAtExit);
        } catch (IllegalStateException e) {
            // The program is ending: the hook runs anyway and finds everything closed.
            return;
        }
    }
}
