package dev.coracle.engines.differential;

import dev.coracle.engines.Mode;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;

/** The contract for mode P2 on a kernel without dispatch: every call stops for the tracer. */
@Tag("slow")
class DifferentialTracerStopsTest extends DifferentialContract {
    /**
     * A filter that answers EIO to ptrace(2) for its request of a dispatch, as a kernel without it does, and lets all else through;
     * then the command.
     */
    private static final String WITHOUT_DISPATCH = """
            my $code = join '', map { pack 'SCCL', @$_ } [0x20, 0, 0, 0], [0x15, 0, 3, 101],
                [0x20, 0, 0, 16], [0x15, 0, 1, 0x4210], [0x06, 0, 0, 0x50005], [0x06, 0, 0, 0x7fff0000];
            my $program = pack 'SxxxxxxP', 6, $code;
            syscall(157, 22, 2, $program, 0, 0) == 0 or die "filter: $!";
            exec @ARGV;
            """;

    /** In front of the engine. */
    static final List<String> OLD_KERNEL = List.of("/usr/bin/perl", "-e", WITHOUT_DISPATCH);

    /** Their signals come faster than a busy machine gets through the stops between two of them, so that they may never end. */
    private static final Set<String> TOO_MANY_SIGNALS = Set.of(
            "red zone: data below the stack pointer is there while signals come", "vectors and their control are kept");

    /** They see that there is a filter already. */
    private static final Set<String> SEE_THE_FILTER =
            Set.of("what a guest sees of no_new_privs", "status that a guest", "a filter that");

    DifferentialTracerStopsTest() {
        super(Mode.P2, OLD_KERNEL);
    }

    static Stream<GuestCase> cases() {
        return DifferentialContract.cases().filter(DifferentialTracerStopsTest::isFitting);
    }

    static boolean isFitting(GuestCase guestCase) {
        return TOO_MANY_SIGNALS.stream().noneMatch(guestCase.name()::endsWith)
                && SEE_THE_FILTER.stream().noneMatch(guestCase.name()::startsWith);
    }
}
