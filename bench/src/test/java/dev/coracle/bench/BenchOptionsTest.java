package dev.coracle.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BenchOptionsTest {
    @Test
    void laterOptionsReplaceEarlierOnesAndColumnsAreSplit() {
        var options = BenchOptions.parse(
                "--tree=/t", "--engine=/e", "--guest-source=/c", "--tree=/other", "--columns=F1,proot");
        assertThat(options.tree()).hasToString("/other");
        assertThat(options.columns()).containsExactly("F1", "proot");
        assertThat(options.rounds()).isEqualTo(9);
    }

    @Test
    void whatIsNoOptionOrMissingOrNoNumberIsNamed() {
        assertThatThrownBy(() -> BenchOptions.parse("--round=3")).hasMessageContaining("--round=3");
        assertThatThrownBy(() -> BenchOptions.parse("--engine=/e")).hasMessageContaining("is missing");
        assertThatThrownBy(() -> BenchOptions.parse("--tree=/t", "--engine=/e", "--guest-source=/c", "--rounds=0"))
                .hasMessageContaining("at least 1");
    }
}
