package dev.coracle.cli.lambda;

/** What an execution environment tells its supervisor, in the order it happened. */
sealed interface RuntimeSignal {
    /** The runtime asks for an event: it is initialised, or has finished the one before. */
    record Next() implements RuntimeSignal {}

    /** The function ended this invocation, in whatever way. */
    record Ended(Outcome outcome) implements RuntimeSignal {}

    /** The runtime could not initialise. */
    record InitFailed(Outcome.Failed failure) implements RuntimeSignal {}

    /** The bootstrap is gone; 128 plus the number when a signal ended it. */
    record Exited(int status) implements RuntimeSignal {}
}
