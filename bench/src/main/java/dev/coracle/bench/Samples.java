package dev.coracle.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** What a contender needed for a measurement, round by round; one failure ends it. */
final class Samples {
    private final List<Double> nanos = new ArrayList<>();
    private Optional<String> failure = Optional.empty();

    void add(double sample) {
        nanos.add(sample);
    }

    void fail(String reason) {
        failure = Optional.of(reason);
    }

    Optional<String> failure() {
        return failure;
    }

    /** The middle sample, the mean of the two middle ones when they are even in number; empty after a failure. */
    Optional<Double> median() {
        if (failure.isPresent() || nanos.isEmpty()) {
            return Optional.empty();
        }
        List<Double> sorted = new ArrayList<>(nanos);
        Collections.sort(sorted);
        int middle = sorted.size() / 2;
        return Optional.of(
                sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2);
    }
}
