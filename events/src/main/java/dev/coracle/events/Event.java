package dev.coracle.events;

/** What woke us. Every shape of event is one record here. */
public sealed interface Event permits DirectEvent {
    /** The job that this event asks for. */
    JobRequest job();
}
