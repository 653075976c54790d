package dev.coracle.events;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What became of a job.
 *
 * @param exitCode the command's own; 128+n after signal n; 127 not found, 126 not executable, 125 engine failure
 * @param signal the number of the signal that ended the command
 * @param timedOut whether the command was killed because its time was up; then exitCode is 137 and signal is 9
 * @param engine how it ran
 * @param timingsMs milliseconds by step, in the order of the steps, and {@code total}
 * @param coldStart whether this was the first job of its execution environment
 */
public record JobResult(
        int exitCode,
        OptionalInt signal,
        boolean timedOut,
        JobOutput stdout,
        JobOutput stderr,
        Engine engine,
        Map<String, Long> timingsMs,
        boolean coldStart) {

    /** The engine that ran the command and why it was taken. */
    public record Engine(String mode, String reason) {}

    /** Copies the timings; their order is kept. */
    public JobResult {
        timingsMs = Collections.unmodifiableMap(new LinkedHashMap<>(timingsMs));
    }
}
