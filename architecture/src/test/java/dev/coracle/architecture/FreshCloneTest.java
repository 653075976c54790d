package dev.coracle.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a newcomer does first, in a clone with a space in its path. The second command of the README is what runs the tests. */
@Tag("slow")
class FreshCloneTest {
    @TempDir
    private Path directory;

    @Test
    void theLauncherBuildsAndTheDemoRuns() throws Exception {
        var shell = new Shell(directory, Duration.ofMinutes(10));
        var clone = shell.script("git clone -q '" + Checkout.HOME + "' 'a clone' && ln -s 'a clone/coracle' boat");
        assertThat(clone.exitCode()).as(clone.output()).isZero();

        var first = shell.script("CORACLE_BUILD= ./boat demo");
        assertThat(first.exitCode()).as(first.output()).isZero();
        assertThat(first.output()).contains("building Coracle");

        var second = shell.script("CORACLE_BUILD= ./boat --version");
        assertThat(second.output()).startsWith("coracle ").doesNotContain("building");
    }
}
