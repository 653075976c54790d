package dev.coracle.runtime;

import dev.coracle.engines.RunLimits;
import dev.coracle.events.JobRequest;
import dev.coracle.events.JobResult;
import dev.coracle.layers.Architecture;
import dev.coracle.layers.TreeArchive;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs jobs, step by step. One pipeline serves all jobs of an execution environment, also several at once. */
public final class JobPipeline {
    private static final Logger LOG = System.getLogger(JobPipeline.class.getName());
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final List<Step> steps;

    JobPipeline(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    /**
     * The pipeline as it runs everywhere: real trees, the engines that suit this host.
     *
     * @param architecture of this host in the words of {@code os.arch}
     */
    public static JobPipeline of(RuntimeConfig config, String architecture) {
        return of(config, architecture, TreeArchive::unpack, new ChosenEngines(config, architecture));
    }

    /** The same with another unpacker and engine. The order of this list is the order in which things happen. */
    static JobPipeline of(RuntimeConfig config, String architecture, TreeUnpacker unpacker, EngineSource engines) {
        return new JobPipeline(List.of(
                new FindImage(
                        new ImageCatalog(config.images()),
                        Architecture.parse(architecture).toString()),
                new PrepareTree(new TreeStore(config.work().resolve("trees"), unpacker)),
                new ChooseEngine(engines),
                new PlanRun(),
                new RunCommand(
                        new OutputStore(config.work().resolve("output")),
                        // Of the time that is kept, most is for the answer.
                        RunLimits.capturing(config.maxResponseBytes())
                                .withGrace(config.margin().dividedBy(4)),
                        config.margin()),
                new MakeAnswer(config.maxResponseBytes())));
    }

    /**
     * Runs one job to its end. A command that fails, is killed or runs out of time is a normal result.
     *
     * @throws JobException when the job could not be run; what it had begun has been cleaned up
     * @throws dev.coracle.engines.EngineException when the engine failed; likewise
     */
    public JobResult run(JobRequest request, JobCall call) {
        Job job = new Job(request, call);
        Deque<Step> begun = new ArrayDeque<>();
        long start = System.nanoTime();
        try {
            for (Step step : steps) {
                begun.push(step);
                run(step, job);
            }
        } finally {
            cleanUp(begun, job);
        }
        return finished(job, millisSince(start));
    }

    private static void run(Step step, Job job) {
        String id = job.call().requestId();
        LOG.log(Level.DEBUG, "{0}: {1} begins", id, step.name());
        long start = System.nanoTime();
        boolean done = false;
        try {
            step.run(job);
            done = true;
        } finally {
            long took = millisSince(start);
            job.timingsMs().put(step.name(), took);
            LOG.log(
                    Level.INFO,
                    "{0}: {1} {2} after {3} ms",
                    id,
                    step.name(),
                    done ? "done" : "failed",
                    Long.toString(took));
        }
    }

    /** In reverse order; a clean-up that fails does not keep the others from being done. */
    private static void cleanUp(Deque<Step> begun, Job job) {
        if (begun.isEmpty()) {
            return;
        }
        try {
            begun.pop().cleanUp(job);
        } finally {
            cleanUp(begun, job);
        }
    }

    private static JobResult finished(Job job, long total) {
        Map<String, Long> timings = new LinkedHashMap<>(job.timingsMs());
        timings.put("total", total);
        JobResult result = job.need(JobResult.class);
        return new JobResult(
                result.exitCode(),
                result.signal(),
                result.timedOut(),
                result.stdout(),
                result.stderr(),
                result.engine(),
                timings,
                result.coldStart());
    }

    private static long millisSince(long start) {
        return (System.nanoTime() - start) / NANOS_PER_MILLI;
    }
}
