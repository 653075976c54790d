package dev.coracle.runtime;

import dev.coracle.engines.ContainerRun;
import dev.coracle.engines.Engine;
import dev.coracle.engines.Launch;
import dev.coracle.engines.RunId;
import dev.coracle.engines.RunLimits;
import dev.coracle.engines.RunOrder;
import dev.coracle.engines.RunReport;
import dev.coracle.runtime.JobException.Kind;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Runs the command within the time that is left, and notes the {@link RunReport}. */
final class RunCommand implements Step {
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
        byte[] stdin = job.request().stdin().orElse("").getBytes(StandardCharsets.UTF_8);
        RunOrder order = new RunOrder(
                RunId.random(),
                job.need(Launch.class),
                new ByteArrayInputStream(stdin),
                deadline(job),
                place.directory());
        job.note(RunReport.class, new ContainerRun(job.need(Engine.class), limits).run(order));
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
