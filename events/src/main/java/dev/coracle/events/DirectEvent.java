package dev.coracle.events;

/** A job described by the event itself: {@code {"image":...,"command":[...],...}}. */
public record DirectEvent(JobRequest job) implements Event {}
