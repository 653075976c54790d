package dev.coracle.engines.choice;

import dev.coracle.engines.Mode;
import dev.coracle.engines.host.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What each mode needs of a host. */
final class ModeNeeds {
    private ModeNeeds() {}

    static List<Capability> capabilities(Mode mode) {
        return switch (mode) {
            // Apptainer may be installed set-user-id, and then needs nothing of its caller.
            case F1, F3, S1 -> List.of();
            case F2, F4 -> List.of(Capability.SECCOMP_FILTER);
            case P1 -> List.of(Capability.PTRACE, Capability.SECCOMP_FILTER);
            case P2 -> List.of(Capability.PTRACE);
            case R1 -> List.of(Capability.CONTAINER);
            case R2 -> List.of(Capability.CONTAINER, Capability.PTRACE, Capability.SECCOMP_FILTER);
            case R3 -> List.of(Capability.CONTAINER, Capability.PTRACE);
        };
    }

    /** In words; empty when it needs no other program. */
    static String program(Mode mode) {
        return switch (mode) {
            case F1, F2, F3, F4, P1, P2 -> "";
            case R1, R2, R3 -> "runc, crun, runsc or youki";
            case S1 -> "Apptainer or Singularity";
        };
    }

    /** What of it this host does not have, in words; empty when the mode can be used. */
    static List<String> missing(Mode mode, Host host) {
        List<String> missing = new ArrayList<>();
        for (Capability needed : capabilities(mode)) {
            if (!host.has(needed)) {
                missing.add("this host refuses " + host.capabilities().why(needed));
            }
        }
        boolean there = switch (mode) {
            case F1, F2, F3, F4, P1, P2 -> true;
            case R1, R2, R3 -> host.runtime().isPresent();
            case S1 -> host.apptainer().isPresent();
        };
        if (!there) {
            missing.add("install " + program(mode) + ", none is on the search path");
        }
        return missing;
    }

    static boolean met(Mode mode, Host host) {
        return missing(mode, host).isEmpty();
    }

    /** For the table: the needs of a mode as documentation shows them. */
    static String words(Mode mode) {
        List<String> words = new ArrayList<>(capabilities(mode).stream()
                .map(capability -> "`" + capability.word() + "`")
                .toList());
        if (!program(mode).isEmpty()) {
            words.add(program(mode));
        }
        return words.isEmpty() ? "nothing" : words.stream().collect(Collectors.joining(", "));
    }
}
