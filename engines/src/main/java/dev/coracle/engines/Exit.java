package dev.coracle.engines;

/** How a run ended. */
public sealed interface Exit {
    /** In {@link NotStarted}: it was the engine that failed, not the command. */
    int ENGINE_FAILED = 125;

    /** The guest's first process ended by itself. */
    record Code(int code) implements Exit {}

    /** A signal ended the guest's first process. */
    record Signal(int number) implements Exit {}

    /** The time was up; every process of the run was killed. */
    record TimedOut() implements Exit {}

    /**
     * Nothing of the guest ran.
     *
     * @param code 127 the command was not found, 126 it cannot be executed, {@link #ENGINE_FAILED}
     */
    record NotStarted(int code, String message) implements Exit {}
}
