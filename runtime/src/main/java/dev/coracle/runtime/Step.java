package dev.coracle.runtime;

/** One step of a job. Steps are shared by all jobs: what they learn about one goes into its {@link Job}. */
interface Step {
    /** The key of this step's time in the answer. */
    String name();

    /**
     * Does the step.
     *
     * @throws JobException when the job cannot go on; later steps are then left out
     */
    void run(Job job);

    /** Undoes what must not stay; called in reverse order for every step that was begun, and must not throw. */
    default void cleanUp(Job job) {}
}
