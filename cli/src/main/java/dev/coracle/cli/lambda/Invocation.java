package dev.coracle.cli.lambda;

/**
 * One finished invocation.
 *
 * @param requestId the request id that the function saw
 * @param outcome the answer or the failure
 * @param log everything the function wrote to standard output and standard error for this invocation, init included
 * @param timings how long it took
 * @param coldStart true when the execution environment was started for this invocation
 * @param maxMemoryBytes the highest memory use so far of the execution environment; 0 when it could not be read
 */
public record Invocation(
        String requestId, Outcome outcome, String log, Timings timings, boolean coldStart, long maxMemoryBytes) {
    /** True unless the function answered. */
    public boolean failed() {
        return outcome instanceof Outcome.Failed;
    }
}
