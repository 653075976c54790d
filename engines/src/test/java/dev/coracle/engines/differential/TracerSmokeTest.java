package dev.coracle.engines.differential;

import dev.coracle.engines.Mode;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Cases in which a tracer is most easily wrong, in mode P1; the whole suites for P1 and P2 are {@code slow}. */
class TracerSmokeTest extends DifferentialContract {
    private static final Pattern CHOSEN = Pattern.compile(String.join(
            "|",
            "ptrace: ",
            "exec from a thread",
            "killed by KILL",
            "a daemon outlives its parent",
            "clone:",
            "vfork:",
            "clone3:",
            "Go: esbuild",
            "musl, static",
            "SIGSYS for one's own use",
            "SIGSTOP and SIGCONT:",
            "EINTR and SA_RESTART:",
            "red zone:",
            "registers:",
            "code that is written",
            "a filter that traps",
            "what a guest sees of no_new_privs",
            "status that a guest"));

    TracerSmokeTest() {
        super(Mode.P1);
    }

    static Stream<GuestCase> cases() {
        return DifferentialContract.cases()
                .filter(guestCase -> CHOSEN.matcher(guestCase.name()).lookingAt());
    }
}
