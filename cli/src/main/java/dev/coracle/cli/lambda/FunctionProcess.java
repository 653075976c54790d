package dev.coracle.cli.lambda;

import java.util.Set;

/** The running bootstrap with everything that it started. */
interface FunctionProcess {
    /** The process whose end is the end of the function; its exit value is 128 plus the number after a signal. */
    Process process();

    /** The ids of all processes that belong to the function right now. */
    Set<Integer> members();

    /** The highest memory use so far in bytes, 0 when unknown. */
    long maxMemoryBytes();

    /** Kills everything; returns when it is gone. May be called again. */
    void destroy();
}
