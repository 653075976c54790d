package dev.coracle.engines.choice;

import dev.coracle.engines.Mode;
import java.util.Optional;

/**
 * What whoever starts the command wants of its engine.
 *
 * @param mode this one and no other
 * @param strict no system call may go past the engine, whatever code the guest makes up
 * @param setUid set-user-id programs have to get the rights of their owners
 */
public record Wishes(Optional<Mode> mode, boolean strict, boolean setUid) {
    /** Whatever suits. */
    public static final Wishes NONE = new Wishes(Optional.empty(), false, false);

    /** That mode and no other. */
    public static Wishes mode(Mode mode) {
        return new Wishes(Optional.of(mode), false, false);
    }
}
