package dev.coracle.engines.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coracle.engines.Mode;
import dev.coracle.engines.guests.Confinement;
import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.GuestOutcome;
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
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An ordinary user's engine shows a guest that is root what a real root sees in a chroot. */
@ExtendWith(GuestTreesExtension.class)
class EmulatedRootTest {
    private static final Duration DEADLINE = Duration.ofMinutes(3);
    private static final String USER = "993";

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
        GuestOutcome outcome = trees.runner(DEADLINE).run(tree, confinement, guestCase.guest(trees.hostOnlyFile()));
        return new Observation(outcome, new TreeChanges(List.of()));
    }

    /** The engine, started by a user whose tree it is; the table of owners lies in a directory of that user. */
    private static Confinement subject(GuestTrees trees, Path tree) throws IOException {
        Path place = Files.createTempDirectory(trees.scratch(), "emulated-root");
        Path program = Files.copy(EngineUnderTest.program(), place.resolve("coracle-engine"));
        Path starter = Files.writeString(place.resolve("start"), """
                #!/bin/sh
                program=$1
                shift 2
                exec setpriv --reuid=%s --regid=%s --clear-groups "$program" run --user=0:0 --owners=%s "$@"
                """.formatted(USER, USER, place.resolve("owners")));
        HostTools.require("chmod", "755", starter.toString(), program.toString());
        HostTools.require("chmod", "711", trees.scratch().toString());
        HostTools.require("chown", "-R", USER + ":" + USER, place.toString(), tree.toString());
        return new Confinement.Engine(program, Mode.F1, List.of(), List.of(starter.toString()));
    }
}
