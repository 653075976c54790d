package dev.coracle.runtime;

import dev.coracle.engines.ContainerRun;
import dev.coracle.engines.Engine;
import dev.coracle.engines.EngineChoice;
import dev.coracle.engines.EngineException;
import dev.coracle.engines.Exit;
import dev.coracle.engines.Launch;
import dev.coracle.engines.RunId;
import dev.coracle.engines.RunLimits;
import dev.coracle.engines.RunOrder;
import dev.coracle.engines.RunReport;
import dev.coracle.runtime.JobException.Kind;
import java.io.ByteArrayInputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Runs the command within the time that is left, and notes the {@link RunReport} and the {@link EngineChoice} that was used. An
 * engine that could not start is followed by the next, as long as nothing of the guest has run.
 */
final class RunCommand implements Step {
    private static final Logger LOG = System.getLogger(RunCommand.class.getName());

    private final OutputStore outputs;
    private final RunLimits limits;
    private final Duration margin;

    RunCommand(OutputStore outputs, RunLimits limits, Duration margin) {
        this.outputs = outputs;
        this.limits = limits;
        this.margin = margin;
    }

    @Override
    public String name() {
        return "run";
    }

    @Override
    public void run(Job job) {
        OutputPlace place = new OutputPlace(outputs.open(job.call().requestId()));
        job.note(OutputPlace.class, place);
        UsableEngines engines = job.need(UsableEngines.class);
        String before = "";
        for (Engine engine : engines.inOrder().subList(0, engines.inOrder().size() - 1)) {
            Optional<String> problem = tryWith(engine, before, job);
            if (problem.isEmpty()) {
                return;
            }
            LOG.log(
                    Level.WARNING,
                    "{0} could not start, so the next engine is tried: {1}",
                    engine.choice().mode(),
                    problem.get());
            before += engine.choice().mode() + " could not start (" + problem.get() + "); ";
        }
        Engine last = engines.inOrder().getLast();
        note(last, before, runWith(last, job), job);
    }

    /** Why the engine could not start, when nothing of the guest has run. */
    private Optional<String> tryWith(Engine engine, String before, Job job) {
        try {
            RunReport report = runWith(engine, job);
            if (report.exit() instanceof Exit.NotStarted(int code, String message) && code == Exit.ENGINE_FAILED) {
                return Optional.of(message);
            }
            note(engine, before, report, job);
            return Optional.empty();
        } catch (EngineException e) {
            return switch (e.kind()) {
                case NOT_STARTED, UNUSABLE, MISSING -> Optional.of(e.happened());
                case DIED, INTERRUPTED, IO -> throw e;
            };
        }
    }

    private static void note(Engine engine, String before, RunReport report, Job job) {
        job.note(RunReport.class, report);
        job.note(
                EngineChoice.class,
                new EngineChoice(
                        engine.choice().mode(), before + engine.choice().reason()));
    }

    private RunReport runWith(Engine engine, Job job) {
        byte[] stdin = job.request().stdin().orElse("").getBytes(StandardCharsets.UTF_8);
        RunOrder order = new RunOrder(
                RunId.random(),
                job.need(Launch.class),
                new ByteArrayInputStream(stdin),
                deadline(job),
                job.need(OutputPlace.class).directory());
        return new ContainerRun(engine, limits).run(order);
    }

    @Override
    public void cleanUp(Job job) {
        job.find(OutputPlace.class).ifPresent(place -> outputs.close(place.directory()));
    }

    /** What the caller has left is asked now, after unpacking, which may have taken most of it. */
    private Duration deadline(Job job) {
        Duration remaining = job.call().remaining().get();
        Duration usable = remaining.minus(margin);
        if (usable.isNegative() || usable.isZero()) {
            throw new JobException(
                    Kind.NO_TIME,
                    "starting the command",
                    remaining.toMillis() + " ms are left and " + margin.toMillis() + " ms are kept for the answer",
                    "give the function a longer timeout");
        }
        return job.request()
                .timeout()
                .filter(asked -> asked.compareTo(usable) < 0)
                .orElse(usable);
    }
}
