package dev.coracle.engines.differential;

import dev.coracle.engines.Mode;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;

/**
 * Random operations on random paths (guests/wander.c), by seeds that nobody has tried: each is in its case's name, and
 * {@code -Dcoracle.test.seed=N} begins with one of them again.
 */
@Tag("slow")
class WanderTest extends DifferentialContract {
    private static final int SEEDS = 60;

    WanderTest() {
        super(Mode.F1);
    }

    static Stream<GuestCase> cases() {
        GuestCase model = CaseFile.read("wander").getFirst();
        int first = Integer.getInteger(
                "coracle.test.seed", ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE - SEEDS));
        return IntStream.range(first, first + SEEDS).mapToObj(seed -> seeded(model, seed));
    }

    private static GuestCase seeded(GuestCase model, int seed) {
        return new GuestCase(
                "seed " + seed,
                model.file(),
                List.of(model.command().getFirst(), String.valueOf(seed)),
                model.script(),
                model.stdin(),
                model.options());
    }
}
