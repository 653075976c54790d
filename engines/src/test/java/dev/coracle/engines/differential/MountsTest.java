package dev.coracle.engines.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coracle.engines.Mode;
import dev.coracle.engines.guests.Confinement;
import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.GuestCommand;
import dev.coracle.engines.guests.GuestOutcome;
import dev.coracle.engines.guests.GuestTrees;
import dev.coracle.engines.guests.GuestTreesExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Hosts with mounts of all kinds, and guests that read of them. */
@ExtendWith(GuestTreesExtension.class)
class MountsTest {
    private static final String SCRIPT = """
            import os
            for name in ('mounts', 'mountinfo', 'mountstats'):
                lines = open('/proc/self/' + name).read()
                print(name, 'HOST' in lines, sorted(os.listdir('/proc/self/ns'))[0], os.path.isdir('/dev'), os.path.realpath('..'))
            """;

    @Test
    void pathsAreStillRightAfterALongMountPointWasReadOf(GuestTrees trees) throws IOException {
        Path point = Files.createDirectories(
                trees.scratch().resolve("HOST" + "long".repeat(50)).resolve("long".repeat(50)));
        Path tree = trees.borrow(GuestTrees.Side.SUBJECT);
        List<String> mounted = List.of(
                "/usr/bin/unshare",
                "--mount",
                "--",
                "/bin/sh",
                "-c",
                "mount -t tmpfs long \"$0\" && exec \"$@\"",
                point.toString());
        var engine = new Confinement.Engine(EngineUnderTest.program(), Mode.F1, List.of(), mounted);
        GuestOutcome outcome = trees.runner(Duration.ofMinutes(2))
                .run(
                        tree,
                        engine,
                        new GuestCommand(List.of("/usr/bin/python3", "-c", SCRIPT), Map.of(), "", List.of()));
        trees.giveBack(GuestTrees.Side.SUBJECT, tree);
        assertThat(outcome.stderr()).isEmpty();
        assertThat(outcome.stdout().lines())
                .containsExactly(
                        "mounts False cgroup True /",
                        "mountinfo False cgroup True /",
                        "mountstats False cgroup True /");
    }
}
