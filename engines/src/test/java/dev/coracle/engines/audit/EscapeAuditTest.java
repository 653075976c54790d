package dev.coracle.engines.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.coracle.engines.Mode;
import dev.coracle.engines.guests.Confinement;
import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.GuestCommand;
import dev.coracle.engines.guests.GuestOutcome;
import dev.coracle.engines.guests.GuestTrees;
import dev.coracle.engines.guests.GuestTreesExtension;
import dev.coracle.engines.guests.HostTools;
import dev.coracle.engines.guests.TreePair;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every system call of these guests and of the engine under them stayed inside the tree and its binds. */
@ExtendWith(GuestTreesExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class EscapeAuditTest {
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    /** A guest, and how many paths its recording must at least show. */
    record Audited(String name, List<String> argv, int paths) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Audited> guests() {
        String programs = GuestTrees.PROGRAMS;
        return Stream.of(
                new Audited("shell and coreutils", List.of("/bin/sh", "/work/shell.sh"), 300),
                new Audited("perl", List.of("/usr/bin/perl", "/work/perl.pl"), 30),
                new Audited("python", List.of("/usr/bin/python3", "/work/python.py"), 200),
                new Audited("busybox", List.of(programs + "/busybox", "sh", "/work/busybox.sh"), 30),
                new Audited("musl, dynamic", List.of(programs + "/musl-dynamic"), 20),
                new Audited("musl, static", List.of(programs + "/musl-static"), 20),
                new Audited("glibc, static", List.of(programs + "/glibc-static"), 20),
                new Audited("Go", List.of(programs + "/esbuild", "a.js", "--bundle", "--outfile=out.js"), 10),
                new Audited("Rust", List.of(programs + "/biome", "format", "a.js"), 5));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("guests")
    void noPathLeavesTheTreeUntranslated(Audited guest, GuestTrees trees) throws IOException {
        assumeThat(HostTools.find("strace")).as("strace").isPresent();
        String program = guest.argv().getFirst();
        assumeThat(trees.hasProgram(program)).as(program).isTrue();
        assertThat(EngineUnderTest.program()).as("the built engine").isExecutable();
        TreePair pair = trees.borrow();
        try {
            EscapeAudit.Report report = record(guest, trees, pair.subject());
            assertThat(report.findings()).isEmpty();
            assertThat(report.paths()).isGreaterThan(guest.paths());
        } finally {
            trees.giveBack(pair);
        }
    }

    private static EscapeAudit.Report record(Audited guest, GuestTrees trees, Path tree) throws IOException {
        Path shared = Files.createTempDirectory(trees.scratch(), "shared");
        Files.writeString(shared.resolve("file"), "bound\n");
        for (String script : List.of("shell.sh", "perl.pl", "python.py", "busybox.sh", "a.js")) {
            try (InputStream text = EscapeAuditTest.class.getResourceAsStream(script)) {
                Files.copy(
                        Objects.requireNonNull(text, script),
                        tree.resolve("work").resolve(script));
            }
        }
        letTheEngineTidyUp(trees, tree);
        Path recording = Files.createTempFile(trees.scratch(), "recording", ".strace");
        String strace = HostTools.find("strace").orElseThrow().toString();
        List<String> recorder = List.of(strace, "-f", "-qq", "-y", "-v", "-s", "4096", "-o", recording.toString());
        var engine =
                new Confinement.Engine(EngineUnderTest.program(), Mode.F1, List.of(shared + ":/mnt/data"), recorder);
        GuestOutcome outcome = trees.runner(DEADLINE).run(tree, engine, command(guest, trees));
        assertThat(outcome.end()).as(outcome.stdout() + outcome.stderr()).matches("exit (0|3)");
        List<String> binds = new ArrayList<>(List.of("/proc", "/dev", shared.toString()));
        AllowedPlaces places = AllowedPlaces.of(tree, binds, EngineUnderTest.program());
        return EscapeAudit.of(TraceReader.in(recording), places, "/");
    }

    /** The first run in a tree looks whether files of trees that have gone are left, which the guest has no part in. */
    private static void letTheEngineTidyUp(GuestTrees trees, Path tree) {
        var nothing = new GuestCommand(List.of("/bin/true"), Map.of(), "", List.of());
        var engine = new Confinement.Engine(EngineUnderTest.program(), Mode.F1, List.of(), List.of());
        assertThat(trees.runner(DEADLINE).run(tree, engine, nothing).end()).isEqualTo("exit 0");
    }

    private static GuestCommand command(Audited guest, GuestTrees trees) {
        Map<String, String> environment = Map.of(
                "PATH", "/usr/bin:/bin:/usr/sbin:/sbin",
                "HOME", "/tmp",
                "LANG", "C.UTF-8",
                "HOST_ONLY", trees.hostOnlyFile().toString());
        return new GuestCommand(guest.argv(), environment, "", List.of());
    }

    @Test
    void anUnconfinedProcessIsFound(GuestTrees trees) throws IOException {
        assumeThat(HostTools.find("strace")).as("strace").isPresent();
        Path recording = Files.createTempFile(trees.scratch(), "recording", ".strace");
        HostTools.require(
                "strace",
                "-f",
                "-qq",
                "-y",
                "-v",
                "-s",
                "4096",
                "-o",
                recording.toString(),
                "sh",
                "-c",
                "cd /etc && cat hostname passwd >/dev/null; ls / >/dev/null");
        AllowedPlaces places = AllowedPlaces.of(trees.scratch(), List.of("/proc", "/dev"), Path.of("/bin/engine"));
        EscapeAudit.Report report = EscapeAudit.of(TraceReader.in(recording), places, "/");
        assertThat(report.findings())
                .extracting(Finding::toString)
                .anyMatch(text -> text.startsWith("leads to /etc: ") && text.contains("chdir("))
                .anyMatch(text -> text.startsWith("opened /etc/passwd: "))
                .anyMatch(text -> text.contains("execve("));
        assertThat(report.findings()).hasSizeGreaterThan(20);
    }
}
