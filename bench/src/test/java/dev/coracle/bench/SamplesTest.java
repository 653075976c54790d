package dev.coracle.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SamplesTest {
    private final Samples samples = new Samples();

    @Test
    void theMedianOfAnOddNumberIsTheMiddleOne() {
        add(9, 1, 2);
        assertThat(samples.median()).contains(2.0);
    }

    @Test
    void theMedianOfAnEvenNumberIsTheMeanOfTheMiddleTwo() {
        add(10, 1, 2, 3);
        assertThat(samples.median()).contains(2.5);
    }

    @Test
    void aFailureLeavesNoMedian() {
        add(1);
        samples.fail("not found");
        assertThat(samples.median()).isEmpty();
        assertThat(samples.failure()).contains("not found");
    }

    private void add(double... values) {
        for (double value : values) {
            samples.add(value);
        }
    }
}
