package dev.coracle.runtime;

import dev.coracle.events.JobRequest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The work sheet of one job: what each step has found out, by its type, for the steps after it. Used by one thread. */
final class Job {
    private final JobRequest request;
    private final JobCall call;
    private final Map<Class<?>, Object> facts = new HashMap<>();
    private final Map<String, Long> timingsMs = new LinkedHashMap<>();

    Job(JobRequest request, JobCall call) {
        this.request = request;
        this.call = call;
    }

    JobRequest request() {
        return request;
    }

    JobCall call() {
        return call;
    }

    /** Milliseconds by step so far, in their order. */
    Map<String, Long> timingsMs() {
        return timingsMs;
    }

    /** Notes a fact for later steps. */
    <T> void note(Class<T> type, T fact) {
        facts.put(type, fact);
    }

    /** The fact of that type, when an earlier step has got so far. */
    <T> Optional<T> find(Class<T> type) {
        return Optional.ofNullable(facts.get(type)).map(type::cast);
    }

    /** The fact of that type, which an earlier step must have noted: anything else is a wrong order of steps. */
    <T> T need(Class<T> type) {
        return find(type).orElseThrow(() -> new IllegalStateException("no step has noted a " + type.getSimpleName()));
    }
}
