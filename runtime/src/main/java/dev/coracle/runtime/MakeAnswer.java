package dev.coracle.runtime;

import dev.coracle.engines.Captured;
import dev.coracle.engines.EngineChoice;
import dev.coracle.engines.Exit;
import dev.coracle.engines.RunReport;
import dev.coracle.events.JobOutput;
import dev.coracle.events.JobResult;
import dev.coracle.events.JobResultWriter;
import dev.coracle.events.JsonText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Notes the {@link JobResult}, whose outputs are cut so that all of its JSON fits; what is cut is kept in a file. */
final class MakeAnswer implements Step {
    private static final int SIGKILL = 9;
    private static final int SIGNALLED = 128;
    private static final int LONGEST_REASON = 200;

    private final int maxBytes;

    MakeAnswer(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public String name() {
        return "answer";
    }

    @Override
    public void run(Job job) {
        RunReport report = job.need(RunReport.class);
        Captured.Text stdout = report.stdout().text();
        Captured.Text stderr = withReason(report);
        long budget = Math.max(0, maxBytes - overhead(job));
        long wantsStdout = JsonText.size(stdout.text());
        long wantsStderr = JsonText.size(stderr.text());
        job.note(
                JobResult.class,
                result(
                        job,
                        report.exit(),
                        output(report.stdout(), stdout, share(budget, wantsStdout, wantsStderr)),
                        output(report.stderr(), stderr, share(budget, wantsStderr, wantsStdout)),
                        job.timingsMs()));
    }

    /** Half for each output, and what the other one does not need. */
    static long share(long budget, long wanted, long otherWanted) {
        return Math.min(wanted, Math.max(budget / 2, budget - otherWanted));
    }

    /** Bytes of the answer without its outputs, but with everything that can be said about them. */
    private static int overhead(Job job) {
        String longest = "x".repeat(LONGEST_REASON);
        String file = job.need(OutputPlace.class).directory().resolve("stdout").toString();
        JobOutput worst = new JobOutput("", true, true, Long.MAX_VALUE, Optional.of(file), Optional.of(longest));
        Map<String, Long> timings = new LinkedHashMap<>(job.timingsMs());
        timings.put("answer", Long.MAX_VALUE);
        timings.put("total", Long.MAX_VALUE);
        return JobResultWriter.json(result(job, new Exit.TimedOut(), worst, worst, timings)).length;
    }

    private static JobResult result(Job job, Exit exit, JobOutput stdout, JobOutput stderr, Map<String, Long> timings) {
        EngineChoice choice = job.need(EngineChoice.class);
        return new JobResult(
                exitCode(exit),
                signal(exit),
                exit instanceof Exit.TimedOut,
                stdout,
                stderr,
                new JobResult.Engine(choice.mode().toString(), choice.reason()),
                timings,
                job.call().coldStart());
    }

    private static JobOutput output(Captured captured, Captured.Text whole, long budget) {
        String shown = JsonText.cut(whole.text(), budget);
        boolean truncated =
                captured.truncated() || shown.length() < whole.text().length();
        if (!truncated && !whole.replaced()) {
            return JobOutput.whole(shown, captured.total());
        }
        Captured.Kept kept = captured.keep();
        Optional<String> lost = kept.lost().map(why -> JsonText.cut(why, LONGEST_REASON));
        return new JobOutput(
                shown,
                truncated,
                whole.replaced(),
                captured.total(),
                Optional.of(kept.file().toString()),
                lost);
    }

    /** What the engine says about a command that did not start belongs where a shell would say it. */
    private static Captured.Text withReason(RunReport report) {
        Captured.Text stderr = report.stderr().text();
        return report.exit() instanceof Exit.NotStarted(int ignored, String message)
                        && stderr.text().isEmpty()
                ? new Captured.Text("coracle-engine: " + message + "\n", false)
                : stderr;
    }

    private static int exitCode(Exit exit) {
        return switch (exit) {
            case Exit.Code(int code) -> code;
            case Exit.Signal(int number) -> SIGNALLED + number;
            case Exit.TimedOut() -> SIGNALLED + SIGKILL;
            case Exit.NotStarted(int code, String ignored) -> code;
        };
    }

    private static OptionalInt signal(Exit exit) {
        return switch (exit) {
            case Exit.Signal(int number) -> OptionalInt.of(number);
            case Exit.TimedOut() -> OptionalInt.of(SIGKILL);
            case Exit.Code(int ignored) -> OptionalInt.empty();
            case Exit.NotStarted(int ignored, String message) -> OptionalInt.empty();
        };
    }
}
