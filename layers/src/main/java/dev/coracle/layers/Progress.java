package dev.coracle.layers;

/** Hears what long work is doing; called from the working thread only. */
public interface Progress {
    /** Hears nothing. */
    Progress SILENT = new Progress() {
        @Override
        public Step begin(String what, long total) {
            return Step.UNHEARD;
        }

        @Override
        public void note(String sentence) {}
    };

    /**
     * A step begins; the previous one has been closed.
     *
     * @param what the step in a few words
     * @param total bytes (or entries) the step will advance by; below zero when unknown
     */
    Step begin(String what, long total);

    /** Something worth a line, such as an entry that was left out. */
    void note(String sentence);

    /** One running step; closing ends it, whether it succeeded or not. */
    interface Step extends AutoCloseable {
        /** A step nobody watches. */
        Step UNHEARD = amount -> {};

        /** So much more is done. */
        void advance(long amount);

        @Override
        default void close() {}
    }
}
