package dev.coracle.cli.lambda;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Stops the processes of a function between invocations, as Lambda freezes the whole machine. Unlike there, a parent
 * that asks wait(2) for stopped children sees them stop.
 */
final class Freezer {
    private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final FunctionProcess function;
    private final Set<Integer> frozen = new HashSet<>();

    Freezer(FunctionProcess function) {
        this.function = function;
    }

    /**
     * Returns when every process is stopped, or after two seconds when one does not react. A process that had stopped
     * itself is left out, so that {@link #thaw} does not wake it.
     */
    void freeze() {
        long start = System.nanoTime();
        // Again until nothing is left running: a process may fork while its parent is being stopped.
        while (stopRunning() && System.nanoTime() - start < LONGEST_NANOS) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    void thaw() {
        for (int pid : frozen) {
            ProcessTable.signal(pid, ProcessTable.SIGCONT);
        }
        frozen.clear();
    }

    private boolean stopRunning() {
        boolean running = false;
        for (int pid : function.members()) {
            char state = ProcessTable.state(pid);
            if (state == 'T' || state == 't' || state == 'Z' || state == 'X') {
                continue;
            }
            running = true;
            if (frozen.add(pid)) {
                ProcessTable.signal(pid, ProcessTable.SIGSTOP);
            }
        }
        return running;
    }
}
