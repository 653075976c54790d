package dev.coracle.engines.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coracle.engines.Mode;
import dev.coracle.engines.guests.Confinement;
import dev.coracle.engines.guests.GuestOutcome;
import dev.coracle.engines.guests.GuestTrees;
import dev.coracle.engines.guests.GuestTreesExtension;
import dev.coracle.engines.guests.HostTools;
import dev.coracle.engines.guests.LambdaSandbox;
import dev.coracle.engines.guests.TreePair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The engine in Lambda's sandbox shows a guest that is root what a real root sees in a chroot. */
@ExtendWith(GuestTreesExtension.class)
class EmulatedRootTest {
    private static final Duration DEADLINE = Duration.ofMinutes(3);

    @Test
    void guestsSeeWhatRootSees(GuestTrees trees) throws IOException {
        compare("identity", trees);
    }

    @Test
    @Tag("slow")
    void guestsInstallPackages(GuestTrees trees) throws IOException {
        compare("packages", trees);
    }

    /** One pair of trees for all cases: giving the subject's to the user takes longer than most of them. */
    private static void compare(String file, GuestTrees trees) throws IOException {
        TreePair pair = trees.borrow();
        Confinement subject = subject(trees, pair.subject());
        Pattern only = Pattern.compile(System.getProperty("coracle.test.case", ""));
        List<String> differences = new ArrayList<>();
        for (GuestCase guestCase : CaseFile.read(file)) {
            if (only.matcher(guestCase.toString()).find()) {
                Observation expected = observe(guestCase, pair.reference(), new Confinement.RealChroot(), trees);
                Observation actual = observe(guestCase, pair.subject(), subject, trees);
                Comparison.of(guestCase, expected, actual)
                        .differences()
                        .forEach(difference -> differences.add(guestCase + ": " + difference));
            }
        }
        trees.discard(pair);
        assertThat(String.join("\n", differences)).isEmpty();
    }

    /** What the guest prints is compared; the host's owners and modes are not what the guest sees. */
    private static Observation observe(GuestCase guestCase, Path tree, Confinement confinement, GuestTrees trees)
            throws IOException {
        String clear = "cd \"$1\" && rm -rf --one-file-system work && mkdir work && chmod 755 work"
                + " && chown \"$(stat -c %u:%g usr)\" work";
        HostTools.require("sh", "-c", clear, "sh", tree.toString());
        Path script = tree.resolve(GuestCase.SCRIPT.substring(1));
        Files.writeString(script, guestCase.script());
        HostTools.require("chmod", "755", script.toString());
        GuestOutcome outcome =
                trees.runner(DEADLINE).run(tree, confinement, guestCase.guest(trees.hostOnlyFile(), tree));
        return new Observation(outcome, TreeChanges.NONE);
    }

    /** The tree is given to the sandbox's user; the table of owners lies in a directory of that user. */
    private static Confinement subject(GuestTrees trees, Path tree) throws IOException {
        Path place = Files.createTempDirectory(trees.scratch(), "emulated-root");
        HostTools.require("chown", "-R", LambdaSandbox.USER, tree.toString());
        return trees.sandbox().emulatedRoot(place, Mode.F1);
    }
}
