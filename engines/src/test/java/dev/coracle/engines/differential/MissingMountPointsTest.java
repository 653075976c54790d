package dev.coracle.engines.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coracle.engines.Mode;
import dev.coracle.engines.guests.Confinement;
import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.GuestTrees;
import dev.coracle.engines.guests.GuestTreesExtension;
import dev.coracle.engines.guests.HostTools;
import dev.coracle.engines.guests.TreePair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Binds on places that the tree does not have look as in a tree that has them, and the tree stays as it is. */
@ExtendWith(GuestTreesExtension.class)
class MissingMountPointsTest {
    private static final List<String> POINTS =
            List.of("srvx", "var/data/deep", "work/into/two", "work/into/three", "srvx/sub/lacking/point");

    private static final String LOOKING = """
            ls -1a / /var /var/data /nowhere /work/into /srvx /srvx/sub /srvx/sub/lacking
            find /srvx /var/data /work /nowhere -printf '%p %y %Y\\n' | sort
            cat /nowhere/one /var/data/deep/file; stat -c '%F %a %n' /nowhere /var/data /nowhere/one
            cd /var/data && pwd -P && ls && cd deep/sub && pwd -P && cd ../.. && pwd -P && readlink -f .././data/deep
            cd /work/into; for d in */; do echo $d; ls $d; done; ls /nowhere/none /nowhere/one/x; cat /nowhere/two/three
            cd /srvx/sub/lacking/point; ls; cd ..; pwd; ls ..; cat point/file; cd /srvx/sub/lacking/..; pwd -P
            echo more >/var/data/deep/new; cat /var/data/deep/new; rm /var/data/deep/new; ls /var/data/deep
            python3 - <<'END'
            import os
            for d in "/nowhere", "/work/into", "/srvx/sub":
                print([(e.name, e.is_dir(), e.is_symlink()) for e in sorted(os.scandir(d), key=lambda e: e.name)])
            f = os.open("/var/data", os.O_RDONLY)
            os.fchdir(f)
            print(os.getcwd(), os.listdir(f), os.listdir(f), os.listdir("deep"))
            END
            perl - <<'END'
            for my $d ("/", "/nowhere", "/srvx/sub") {
                opendir D, $d or die;
                my @a = readdir D;
                rewinddir D;
                my $p = telldir D;
                my $f = readdir D;
                readdir D for 2 .. @a - 1;
                my $q = telldir D;
                my $g = readdir D;
                print defined readdir D ? "more" : "end";
                seekdir D, $p;
                print $f eq readdir D, scalar(@a) == 1 + (() = readdir D);
                seekdir D, $q;
                print $g eq readdir D, "\\n";
            }
            END
            """;

    @TempDir
    private Path temporary;

    private static GuestCase script(String text) {
        return CaseFile.parse("points", "== case\n" + text + "\n").getFirst();
    }

    /** Something to bind; each has a place of its own, for a host path tells only one place in the guest. */
    private Path source(int number) throws IOException {
        Path source = temporary.resolve("source-" + number);
        Files.createDirectories(source.resolve("sub/below"));
        Files.writeString(source.resolve("file"), "bound\n");
        return source;
    }

    private Confinement.Engine engine() throws IOException {
        List<String> binds = new ArrayList<>();
        for (int number = 0; number < POINTS.size(); number++) {
            binds.add(source(number) + ":/" + POINTS.get(number));
        }
        binds.add(Files.writeString(temporary.resolve("one"), "one\n") + ":/nowhere/one");
        return new Confinement.Engine(EngineUnderTest.program(), Mode.F1, binds, List.of());
    }

    private void fill(Path tree) throws IOException {
        Path source = source(POINTS.size());
        for (String point : POINTS) {
            Path place = Files.createDirectories(tree.resolve(point));
            HostTools.require("cp", "-a", source + "/.", place.toString());
        }
        Files.createDirectories(tree.resolve("nowhere"));
        Files.writeString(tree.resolve("nowhere/one"), "one\n");
    }

    @Test
    void looksAsIfTheTreeHadThem(GuestTrees trees) throws IOException {
        var surroundings = new Observation.Surroundings(trees, trees.runner(Duration.ofMinutes(2)));
        TreePair pair = trees.borrow();
        fill(pair.reference());
        Observation reference =
                Observation.of(script(LOOKING), pair.reference(), new Confinement.RealChroot(), surroundings);
        Observation subject = Observation.of(script(LOOKING), pair.subject(), engine(), surroundings);
        trees.discard(pair);
        assertThat(subject.outcome()).isEqualTo(reference.outcome());
        assertThat(subject.changes().lines()).isEmpty();
    }

    @Test
    void nothingCanBeMadeWhereMountPointsAreMadeUp(GuestTrees trees) throws IOException {
        String text = """
                export LC_ALL=C; mkdir /nowhere/x; touch /var/data/y; cd /nowhere && ln -s a b; chmod 700 /nowhere
                mkdir /srvx/sub/lacking/more; perl -e 'chdir "/var/data"; print mkdir("z") || $!'
                rmdir /srvx; mv /var/data/deep /var/more
                """;
        var surroundings = new Observation.Surroundings(trees, trees.runner(Duration.ofMinutes(2)));
        TreePair pair = trees.borrow();
        Observation seen = Observation.of(script(text), pair.subject(), engine(), surroundings);
        trees.discard(pair);
        assertThat(seen.changes().lines()).isEmpty();
        assertThat(seen.outcome().stdout()).isEqualTo("Read-only file system");
        assertThat(seen.outcome().stderr().lines()).hasSize(7);
        assertThat(seen.outcome().stderr().lines().limit(5)).allMatch(line -> line.contains("Read-only file system"));
        assertThat(seen.outcome().stderr().lines().skip(5)).allMatch(line -> line.contains("busy"));
    }
}
