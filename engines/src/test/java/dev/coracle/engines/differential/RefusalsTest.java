package dev.coracle.engines.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.coracle.engines.Mode;
import dev.coracle.engines.guests.Confinement;
import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.GuestCommand;
import dev.coracle.engines.guests.GuestOutcome;
import dev.coracle.engines.guests.GuestTrees;
import dev.coracle.engines.guests.GuestTreesExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the kernel would do and the engine does not, it says. */
@ExtendWith(GuestTreesExtension.class)
class RefusalsTest {
    private static final String AROUND = GuestTrees.PROGRAMS + "/around";

    private static GuestOutcome run(GuestTrees trees, List<String> wrapper, String... command) {
        return run(Mode.F1, trees, wrapper, command);
    }

    private static GuestOutcome run(Mode mode, GuestTrees trees, List<String> wrapper, String... command) {
        Path tree = trees.borrow(GuestTrees.Side.SUBJECT);
        List<String> inTree = wrapper.stream()
                .map(word -> word.replace("TREE", tree.toString()))
                .toList();
        var engine = new Confinement.Engine(EngineUnderTest.program(), mode, List.of(), inTree);
        GuestOutcome outcome = trees.runner(Duration.ofMinutes(2))
                .run(tree, engine, new GuestCommand(List.of(command), Map.of("PATH", "/usr/bin:/bin"), "", List.of()));
        trees.giveBack(GuestTrees.Side.SUBJECT, tree);
        return outcome;
    }

    @Test
    void aRingThatSomebodyLeftOpenIsOfNoUse(GuestTrees trees) {
        assumeThat(trees.hasProgram(AROUND)).isTrue();
        GuestOutcome outcome = run(trees, List.of("TREE" + AROUND, "make-ring"), AROUND, "inherited");
        assumeThat(outcome.stderr()).as("this host has io_uring").doesNotContain("coracle-engine: ");
        assertThat(outcome.stdout().lines())
                .containsExactly("enter: Function not implemented", "its entries: Permission denied");
    }

    @Test
    void a32BitProgramIsToldFromADamagedOne(GuestTrees trees) {
        String program = """
                import os
                image = b'\\x7fELF\\x01\\x01\\x01' + bytes(9) + b'\\x02\\0\\x03\\0\\x01\\0\\0\\0' + bytes(8) + b'4\\0\\0\\0' + bytes(12)
                open('p', 'wb').write(image + b'\\x34\\0\\x20\\0\\x01\\0' + bytes(200))
                os.chmod('p', 0o755)
                os.execv('p', ['p'])
                """;
        GuestOutcome outcome = run(trees, List.of(), "/usr/bin/python3", "-c", program);
        assertThat(outcome.end()).isEqualTo("exit 126");
        assertThat(outcome.stderr()).contains("32-bit program", "64-bit programs only");
    }

    /** Nobody would translate its calls: a thread has one tracer. */
    @ParameterizedTest
    @EnumSource(names = {"P1", "P2"})
    void a32BitProgramThatADebuggerExecutesIsRefused(Mode mode, GuestTrees trees) {
        String program = GuestTrees.PROGRAMS + "/glibc-dynamic" + GuestTrees.COMPAT;
        assumeThat(trees.hasProgram(program)).isTrue();
        // PTRACE_TRACEME, and in the parent PTRACE_CONT until it ends; perl says 0 of one that has stopped.
        String debugger = """
                my $p = fork;
                if (!$p) { syscall(101, 0, 0, 0, 0) == 0 or die; exec {$ARGV[0]} @ARGV; exit 1; }
                syscall(101, 7, $p, 0, 0) while waitpid($p, 0) > 0 && $? == 0;
                print $? >> 8;
                """;
        GuestOutcome outcome = run(mode, trees, List.of(), "/usr/bin/perl", "-e", debugger, program);
        assertThat(outcome.stdout()).isEqualTo("126");
        assertThat(outcome.stderr()).contains(program, "a debugger of the guest");
    }
}
