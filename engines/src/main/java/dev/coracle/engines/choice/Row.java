package dev.coracle.engines.choice;

import dev.coracle.engines.Mode;
import dev.coracle.engines.host.Capability;
import java.util.Optional;

/** The rows of the table, in their order: the first one that applies and whose mode this host has is taken. */
enum Row {
    SMALL_IN_CONTAINER(Mode.R1, "the tree has 32-bit programs", "a container runs the tree's 32-bit programs too"),
    SMALL_IN_APPTAINER(Mode.S1, "the tree has 32-bit programs", "a container runs the tree's 32-bit programs too"),
    SMALL_BY_TRACER(
            Mode.P1, "the tree has 32-bit programs", "a tracer leads the calls of 32-bit programs into the engine too"),
    SMALL_BY_TRACER_ALONE(
            Mode.P2, "the tree has 32-bit programs", "a tracer leads the calls of 32-bit programs into the engine too"),
    OWNERS_IN_CONTAINER(
            Mode.R1,
            "set-user-id programs are wanted, the tree has some, and we are root",
            "in a container set-user-id programs get the rights of their owners"),
    STRICT_BY_FILTER(Mode.F4, "no call may be missed", "the kernel traps what was not patched"),
    STRICT_BY_TRACER(Mode.P2, "no call may be missed", "a tracer catches what was not patched"),
    INDEX(Mode.F3, "always", "asks nothing of this host"),
    PLAIN(Mode.F1, "always", "asks nothing of this host");

    private final Mode mode;
    private final String when;
    private final String reason;

    Row(Mode mode, String when, String reason) {
        this.mode = mode;
        this.when = when;
        this.reason = reason;
    }

    Mode mode() {
        return mode;
    }

    String when() {
        return when;
    }

    String reason() {
        return reason;
    }

    /** Whether it is about this tree and these wishes. */
    boolean applies(Host host, Tree tree, Wishes wishes) {
        return switch (this) {
            case SMALL_IN_CONTAINER, SMALL_IN_APPTAINER, SMALL_BY_TRACER, SMALL_BY_TRACER_ALONE ->
                tree.small().isPresent() && host.has(Capability.COMPAT_CALLS);
            case OWNERS_IN_CONTAINER -> wishes.setUid() && tree.setUid().isPresent() && host.root();
            case STRICT_BY_FILTER, STRICT_BY_TRACER -> wishes.strict();
            case INDEX, PLAIN -> true;
        };
    }

    /** What of the tree or the wishes goes without, when a later row is taken instead. */
    Optional<String> lost(Tree tree, Wishes wishes) {
        return switch (this) {
            case SMALL_IN_CONTAINER, SMALL_IN_APPTAINER, SMALL_BY_TRACER, SMALL_BY_TRACER_ALONE ->
                tree.small().map(program -> "32-bit programs such as " + program + " will not run");
            case OWNERS_IN_CONTAINER ->
                tree.setUid()
                        .filter(program -> wishes.setUid())
                        .map(program -> "set-user-id programs such as " + program + " get no rights");
            case STRICT_BY_FILTER, STRICT_BY_TRACER ->
                wishes.strict() ? Optional.of("a call that was not patched goes past the engine") : Optional.empty();
            case INDEX, PLAIN -> Optional.empty();
        };
    }
}
