package dev.coracle.engines.differential;

import dev.coracle.engines.guests.Confinement;
import dev.coracle.engines.guests.GuestOutcome;
import dev.coracle.engines.guests.GuestRunner;
import dev.coracle.engines.guests.GuestTrees;
import dev.coracle.engines.guests.HostTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Everything that can be seen from outside of one guest's run. */
record Observation(GuestOutcome outcome, TreeChanges changes) {

    /** Runs the case in a clean tree. */
    static Observation of(GuestCase guestCase, Path tree, Confinement confinement, Surroundings surroundings) {
        try {
            Path script = tree.resolve(GuestCase.SCRIPT.substring(1));
            Files.writeString(script, guestCase.script());
            HostTools.require("chmod", "755", script.toString());
            HostTools.require("chown", "--reference=" + tree.resolve("usr"), script.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        TreeSnapshot before = TreeSnapshot.of(tree);
        GuestOutcome outcome = surroundings
                .runner()
                .run(tree, confinement, guestCase.guest(surroundings.trees().hostOnlyFile(), tree));
        TreeChanges changes = TreeChanges.between(before, TreeSnapshot.of(tree));
        return new Observation(outcome, changes);
    }

    /** Without what the host sees of the tree, where owners and modes are remembered elsewhere. */
    Observation fromInside() {
        return new Observation(outcome, TreeChanges.NONE);
    }

    /** What all cases of a run share. */
    record Surroundings(GuestTrees trees, GuestRunner runner) {}

    /** Says whether the guest left the tree outside of the writable places as it was. */
    boolean keptToItsPlaces() {
        return changes.paths().stream().allMatch(GuestTrees::isWritable);
    }
}
