package dev.coracle.engines;

import dev.coracle.engines.EngineException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs launches under supervision: input fed, outputs drained, the deadline kept, and nothing left running afterwards.
 *
 * <p>May be used by several threads; each run has its own id and directory.
 */
public final class ContainerRun {
    private static final Logger LOG = System.getLogger(ContainerRun.class.getName());
    private static final String TRIED = "running the engine";

    private final Engine engine;
    private final RunLimits limits;
    private final HostCharset charset;

    /** Runs with {@code engine} within {@code limits}. */
    public ContainerRun(Engine engine, RunLimits limits) {
        this(engine, limits, HostCharset.current());
    }

    ContainerRun(Engine engine, RunLimits limits, HostCharset charset) {
        this.engine = engine;
        this.limits = limits;
        this.charset = charset;
    }

    /**
     * Runs to the end: of the guest's first process, or of the deadline. Whatever other processes the guest started are
     * dead when this returns or throws.
     *
     * @throws EngineException when the engine lacks what the launch asks for, cannot be started or dies on the way; when the
     *     calling thread is interrupted, with its flag set again
     */
    public RunReport run(RunOrder order) {
        Path status = order.directory().resolve("status");
        List<String> lacks = engine.lacks(order.launch());
        if (!lacks.isEmpty()) {
            throw new EngineException(
                    Kind.UNUSABLE,
                    TRIED + " " + engine.choice().mode(),
                    "it has no " + String.join(", no ", lacks),
                    "leave that out, or take another mode",
                    null);
        }
        try (PreparedRun prepared = prepare(order, status)) {
            return run(order, status, prepared);
        } catch (IOException e) {
            throw new EngineException(
                    Kind.IO, "taking away what was made for the run", e.toString(), "look into the tree", e);
        } finally {
            tidy(order, status);
        }
    }

    private PreparedRun prepare(RunOrder order, Path status) {
        try {
            Files.deleteIfExists(status);
        } catch (IOException e) {
            throw new EngineException(Kind.IO, "removing an old " + status, e.toString(), "", e);
        }
        return engine.prepare(order.launch(), order.id(), status);
    }

    private RunReport run(RunOrder order, Path status, PreparedRun prepared) {
        long start = System.nanoTime();
        Process process = start(order, prepared);
        OutputDrain stdout = drain(process.getInputStream(), order.directory().resolve("stdout"));
        OutputDrain stderr = drain(process.getErrorStream(), order.directory().resolve("stderr"));
        List<Thread> drains = List.of(Thread.startVirtualThread(stdout), Thread.startVirtualThread(stderr));
        Thread feeder = Thread.startVirtualThread(() -> feed(order.stdin(), process.getOutputStream()));
        boolean ended = false;
        boolean interrupted = false;
        try {
            ended = endsWithin(process, order.deadline());
        } catch (InterruptedException e) {
            interrupted = true;
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        RunProcesses processes = new RunProcesses(order.id());
        int survivors = killRest(process, processes);
        feeder.interrupt();
        interrupted |= !joined(drains);
        log(order.id(), processes, survivors);
        if (interrupted) {
            Thread.currentThread().interrupt();
            throw new EngineException(Kind.INTERRUPTED, TRIED, "the caller was interrupted", "", null);
        }
        Exit exit = ended ? exit(process, status, stderr.captured()) : new Exit.TimedOut();
        return new RunReport(exit, stdout.captured(), stderr.captured(), took, processes.count(), survivors);
    }

    /** When the time is up the command is asked to end, which its supervisor hands on to it; it may take the grace for that. */
    private boolean endsWithin(Process process, Duration deadline) throws InterruptedException {
        boolean ended = process.waitFor(deadline.toNanos(), TimeUnit.NANOSECONDS);
        if (!ended && limits.grace().isPositive()) {
            process.toHandle().destroy();
            process.waitFor(limits.grace().toNanos(), TimeUnit.NANOSECONDS);
        }
        return ended;
    }

    private OutputDrain drain(InputStream output, Path file) {
        return new OutputDrain(output, limits.captureBytes(), file);
    }

    /** The process's own destroy methods would close the outputs before they are read; those of its handle do not. */
    private int killRest(Process process, RunProcesses processes) {
        process.toHandle().destroyForcibly();
        return processes.kill(limits.killWithin());
    }

    /** The engine gets no environment but its mark: what the guest shall see is on its command line. */
    private Process start(RunOrder order, PreparedRun prepared) {
        List<String> line = prepared.commandLine();
        Path script = order.directory().resolve("start");
        try {
            if (!charset.carries(line)) {
                Files.write(script, StartScript.of(line));
                line = List.of("/bin/sh", script.toString());
            }
            ProcessBuilder builder = new ProcessBuilder(line);
            builder.environment().clear();
            builder.environment()
                    .put(
                            order.id().engineEntry().getKey(),
                            order.id().engineEntry().getValue());
            builder.directory(order.directory().toFile());
            return builder.start();
        } catch (IOException e) {
            throw new EngineException(
                    Kind.NOT_STARTED, TRIED, String.valueOf(e.getMessage()), "check the tools layer's architecture", e);
        }
    }

    /** What the run needed and its caller does not: its status, the start script, and what the guest shared in memory. */
    private static void tidy(RunOrder order, Path status) {
        try {
            Files.deleteIfExists(status);
            Files.deleteIfExists(order.directory().resolve("start"));
            TreeRemoval.remove(order.directory().resolve("scratch"));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "something of the run stays: {0}", e.getMessage());
        }
    }

    private static void feed(InputStream stdin, OutputStream guest) {
        try (stdin;
                guest) {
            stdin.transferTo(guest);
        } catch (IOException e) {
            // A guest need not read its input; what it does not take is not an error.
            LOG.log(Level.DEBUG, "standard input ended early: {0}", e.getMessage());
        }
    }

    /** Returns false when the caller was interrupted. A drain that does not end is left behind with what it has. */
    private boolean joined(List<Thread> drains) {
        try {
            for (Thread drain : drains) {
                if (!drain.join(limits.drainWithin())) {
                    LOG.log(Level.WARNING, "an output is still held open after every process of the run was killed");
                }
            }
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private static Exit exit(Process process, Path status, Captured stderr) {
        String ended = "it ended with code " + process.exitValue();
        try {
            if (!StatusFile.isBegun(status)) {
                throw new EngineException(
                        Kind.NOT_STARTED,
                        TRIED,
                        ended + " before anything of the guest ran"
                                + lastLine(stderr.text().text()),
                        "take another mode",
                        null);
            }
            return StatusFile.read(status)
                    .orElseThrow(() -> new EngineException(
                            Kind.DIED,
                            TRIED,
                            ended + " and did not say how the command ended",
                            "if memory ran out, give the function more",
                            null));
        } catch (IOException e) {
            throw new EngineException(Kind.IO, "reading how the command ended", e.toString(), "", e);
        }
    }

    /** What a program says last is what it ended of. */
    private static String lastLine(String text) {
        return text.lines()
                .filter(line -> !line.isBlank())
                .reduce((before, line) -> line)
                .map(line -> ": " + line)
                .orElse("");
    }

    private static void log(RunId id, RunProcesses processes, int survivors) {
        if (survivors > 0) {
            LOG.log(Level.WARNING, "run {0}: {1} processes could not be killed", id.value(), survivors);
        } else if (processes.count() > 0) {
            LOG.log(Level.INFO, "run {0}: killed {1} processes that were left", id.value(), processes.count());
        }
    }
}
