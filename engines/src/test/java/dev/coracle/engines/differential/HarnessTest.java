package dev.coracle.engines.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coracle.engines.guests.Confinement;
import dev.coracle.engines.guests.GuestTrees;
import dev.coracle.engines.guests.GuestTreesExtension;
import dev.coracle.engines.guests.TreePair;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The harness itself: two real chroots agree, and every kind of difference is seen. */
@ExtendWith(GuestTreesExtension.class)
class HarnessTest {

    private static Comparison compare(GuestTrees trees, String referenceScript, String subjectScript) {
        var surroundings = new Observation.Surroundings(trees, trees.runner(Duration.ofMinutes(2)));
        GuestCase reference = script(referenceScript);
        TreePair pair = trees.borrow();
        Confinement chroot = new Confinement.RealChroot();
        Observation left = Observation.of(reference, pair.reference(), chroot, surroundings);
        Observation right = Observation.of(script(subjectScript), pair.subject(), chroot, surroundings);
        if (left.keptToItsPlaces() && right.keptToItsPlaces()) {
            trees.giveBack(pair);
        } else {
            trees.discard(pair);
        }
        return Comparison.of(reference, left, right);
    }

    private static GuestCase script(String text) {
        return CaseFile.parse("harness", "== case\n#: normalise [0-9]+ms => TIME because it passes\n" + text)
                .getFirst();
    }

    @Test
    void twoChrootsAgree(GuestTrees trees) {
        String script = "echo $$; ls -la / | wc -l; touch -d 2001-01-01 f; echo 5ms";
        assertThat(compare(trees, script, script).differences()).isEmpty();
    }

    @Test
    void everyKindOfDifferenceIsSeen(GuestTrees trees) {
        String one =
                "echo 5ms a; echo x >f; mkdir d; ln -s a l; chmod 700 d; touch -d 2001-01-01 f; rm /etc/motd; exit 3";
        String other = "echo 6ms b; echo y >f; mkdir d; ln -s b l; echo z >/etc/issue; echo e >&2; kill -9 $$";
        List<String> differences = compare(trees, one, other).differences();
        assertThat(differences).anyMatch(text -> text.startsWith("end") && text.contains("signal 9"));
        assertThat(differences).anyMatch(text -> text.startsWith("stdout") && text.contains("TIME b"));
        assertThat(differences).anyMatch(text -> text.startsWith("stderr"));
        assertThat(differences)
                .contains("tree, only under chroot: etc/motd removed")
                .anyMatch(text -> text.startsWith("tree, only under chroot: work/f f 644 0:0 978307200.0"))
                .anyMatch(text -> text.startsWith("tree, only under chroot: work/d d 700"))
                .anyMatch(text -> text.endsWith("-> b"))
                .anyMatch(text -> text.startsWith("tree, only under the engine: etc/issue"));
    }

    @Test
    void guestsLeaveNothingOnTheHost(GuestTrees trees) {
        TreePair pair = trees.borrow();
        var surroundings = new Observation.Surroundings(trees, trees.runner(Duration.ofMinutes(2)));
        GuestCase daemon = script("mkdir /tmp/x; setsid sleep 100 & exit 0");
        Observation seen = Observation.of(daemon, pair.reference(), new Confinement.RealChroot(), surroundings);
        trees.giveBack(pair);
        assertThat(seen.outcome().end()).isEqualTo("exit 0");
        assertThat(pair.reference().resolve("proc")).isEmptyDirectory();
        assertThat(pair.reference().resolve("dev")).isEmptyDirectory();
    }

    @Test
    void unknownOptionsAreRefused() {
        assertThatThrownBy(() -> CaseFile.parse("file", "== case\n#: nonsense x\ntrue\n"))
                .hasMessageContaining("file: case: unknown option nonsense x");
    }

    @Test
    void thereAreFourHundredCasesAndNoTwoAreNamedAlike() {
        List<String> names = CaseFiles.all().map(GuestCase::toString).toList();
        assertThat(names).hasSizeGreaterThanOrEqualTo(400).doesNotHaveDuplicates();
    }
}
