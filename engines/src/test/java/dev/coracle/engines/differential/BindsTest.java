package dev.coracle.engines.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coracle.engines.Mode;
import dev.coracle.engines.guests.Confinement;
import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.GuestTrees;
import dev.coracle.engines.guests.GuestTreesExtension;
import dev.coracle.engines.guests.HostTools;
import dev.coracle.engines.guests.TreePair;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Binds behave as the kernel's bind mounts do. */
@ExtendWith(GuestTreesExtension.class)
class BindsTest {
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    /** What is bound. The reference has it in its tree, for it mounts from inside; nobody looks there. */
    private static final String SOURCES = """
            mkdir -p "$1" && cd "$1" && mkdir -p dir/sub dir/own inner ro/sub && echo file >file && echo one >dir/one
            echo inner >inner/inner && echo ro >ro/ro && ln -s ../../etc/passwd dir/up && ln -s /etc/hostname dir/absolute
            ln -s sub dir/link && ln -s ../one inner/near && ln -s ../../../../.. dir/out
            """;

    private static final String POINTS = """
            cd "$1/work" && mkdir -p dir/sub ro other && echo hidden >dir/hidden && echo under >file && ln -s dir tolink && ln -s /work/ro roln
            """;

    /** mount(8) takes notes in /run. */
    private static final String MOUNTS = """
            cd /mnt/data && mount --bind dir /work/dir && mount --bind inner /work/dir/sub && mount --bind file /work/file
            mount --bind ro /work/ro && mount -o remount,bind,ro /work/ro && cd /work && exec "$@"
            """;

    @TempDir
    private Path sources;

    static Stream<GuestCase> cases() {
        return CaseFile.read("binds").stream();
    }

    private static void fill(String script, Path place) {
        HostTools.require("sh", "-ec", script, "sh", place.toString());
    }

    /** The order in which binds are given does not matter. */
    private Confinement engine() {
        List<String> binds = List.of(
                sources + "/inner:/work/dir/sub",
                sources + "/file:/work/file",
                sources + "/dir:/work/dir",
                sources + "/ro:/work/ro:ro");
        return new Confinement.Engine(EngineUnderTest.program(), Mode.F1, binds, List.of());
    }

    private static GuestCase mounted(GuestCase guestCase) {
        List<String> command = Stream.concat(Stream.of("/bin/sh", "-ec", MOUNTS, "sh"), guestCase.command().stream())
                .toList();
        return new GuestCase(
                guestCase.name(),
                guestCase.file(),
                command,
                guestCase.script(),
                guestCase.stdin(),
                guestCase.options());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void behaveAsBindMounts(GuestCase guestCase, GuestTrees trees) {
        var surroundings = new Observation.Surroundings(trees, trees.runner(DEADLINE));
        TreePair pair = trees.borrow();
        fill(SOURCES, pair.reference().resolve("mnt/data"));
        fill(SOURCES, sources);
        fill(POINTS, pair.reference());
        fill(POINTS, pair.subject());
        Observation reference =
                Observation.of(mounted(guestCase), pair.reference(), new Confinement.RealChroot(), surroundings);
        Observation subject = Observation.of(guestCase, pair.subject(), engine(), surroundings);
        trees.discard(pair);
        assertThat(subject.outcome()).isEqualTo(reference.outcome());
        assertThat(subject.changes().lines())
                .isEqualTo(reference.changes().lines().stream()
                        .filter(line -> !line.startsWith("mnt/data") && !line.startsWith("run"))
                        .toList());
    }
}
