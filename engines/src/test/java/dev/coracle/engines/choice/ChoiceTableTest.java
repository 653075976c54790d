package dev.coracle.engines.choice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coracle.engines.EngineChoice;
import dev.coracle.engines.Mode;
import dev.coracle.engines.container.OciRuntime;
import dev.coracle.engines.host.Capabilities;
import dev.coracle.engines.host.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChoiceTableTest {
    private static final String MACHINE = "x86_64";
    private static final Optional<OciRuntime> RUNC =
            Optional.of(new OciRuntime(OciRuntime.Kind.RUNC, Path.of("/usr/bin/runc"), "1.0.2"));
    private static final Optional<Path> APPTAINER = Optional.of(Path.of("/usr/bin/apptainer"));
    private static final Tree PLAIN = Tree.of(MACHINE);
    private static final Tree SMALL = new Tree(MACHINE, Optional.of("/bin/old"), Optional.of("/bin/su"));
    private static final Wishes STRICT = new Wishes(Optional.empty(), true, false);
    private static final Wishes OWNERS = new Wishes(Optional.empty(), false, true);

    private static final Host NOTHING = host(Set.of(), Optional.empty(), Optional.empty());
    private static final Host EVERYTHING = host(EnumSet.allOf(Capability.class), RUNC, APPTAINER);

    @Test
    void theDocumentationShowsTheTables() throws IOException {
        String page = Files.readString(
                Path.of(System.getProperty("coracle.home", "..")).resolve("docs/choosing-an-engine.md"));
        assertThat(page).contains(ChoiceTable.rows()).contains(ChoiceTable.needs());
    }

    @Test
    void whereNothingIsAllowedItIsTheOneThatAsksForNothing() {
        assertThat(modes(NOTHING, PLAIN, Wishes.NONE)).containsExactly(Mode.F3, Mode.F1);
        assertThat(modes(EVERYTHING, PLAIN, Wishes.NONE)).containsExactly(Mode.F3, Mode.F1);
    }

    @Test
    void smallProgramsWantAContainerOrATracer() {
        assertThat(modes(EVERYTHING, SMALL, Wishes.NONE))
                .containsExactly(Mode.R1, Mode.S1, Mode.P1, Mode.P2, Mode.F3, Mode.F1);
        Host batch = host(EnumSet.of(Capability.PTRACE, Capability.COMPAT_CALLS), RUNC, APPTAINER);
        assertThat(modes(batch, SMALL, Wishes.NONE)).containsExactly(Mode.S1, Mode.P2, Mode.F3, Mode.F1);
        Host filtering = host(EnumSet.of(Capability.SECCOMP_FILTER, Capability.COMPAT_CALLS), RUNC, Optional.empty());
        assertThat(modes(filtering, SMALL, Wishes.NONE)).containsExactly(Mode.F3, Mode.F1);
    }

    @Test
    void whatGoesWithoutIsSaid() {
        assertThat(best(NOTHING, SMALL, STRICT).reason())
                .contains("/bin/old")
                .contains("goes past the engine")
                .doesNotContain("/bin/su");
        assertThat(best(NOTHING, SMALL, OWNERS).reason()).contains("/bin/su");
        assertThat(best(EVERYTHING, PLAIN, STRICT).reason()).doesNotContain("goes past");
    }

    @Test
    void nothingMayBeMissed() {
        assertThat(modes(EVERYTHING, PLAIN, STRICT)).containsExactly(Mode.F4, Mode.P2, Mode.F3, Mode.F1);
        Host tracing = host(EnumSet.of(Capability.PTRACE), Optional.empty(), Optional.empty());
        assertThat(modes(tracing, PLAIN, STRICT)).containsExactly(Mode.P2, Mode.F3, Mode.F1);
    }

    @Test
    void ownersCountOnlyWhereWeAreRoot() {
        assertThat(best(EVERYTHING, new Tree(MACHINE, Optional.empty(), Optional.of("/bin/su")), OWNERS)
                        .mode())
                .isEqualTo(Mode.R1);
        Host user = new Host(MACHINE, false, EVERYTHING.capabilities(), RUNC, Optional.empty());
        assertThat(best(user, new Tree(MACHINE, Optional.empty(), Optional.of("/bin/su")), OWNERS)
                        .mode())
                .isEqualTo(Mode.F3);
    }

    @Test
    void aWishIsTakenOrRefusedNeverReplaced() {
        for (Mode mode : Mode.values()) {
            assertThat(modes(EVERYTHING, SMALL, Wishes.mode(mode))).containsExactly(mode);
        }
        assertThat(refusal(NOTHING, PLAIN, Wishes.mode(Mode.P1)))
                .contains("mode P1 was asked for")
                .contains("ptrace: not tried")
                .contains("seccomp-filter: not tried");
        assertThat(refusal(NOTHING, PLAIN, Wishes.mode(Mode.R1))).contains("install runc, crun, runsc or youki");
        assertThat(refusal(NOTHING, PLAIN, Wishes.mode(Mode.S1))).contains("install Apptainer or Singularity");
    }

    @Test
    void programsOfAnotherMachineHaveNoEngine() {
        assertThat(refusal(EVERYTHING, Tree.of("aarch64"), Wishes.NONE)).contains("aarch64", MACHINE);
    }

    @Test
    void readsTheFindingsOfATree() throws IOException {
        String findings = """
                [
                {"path":"/a","kind":"script","reason":"{\\"x\\": [}"},
                {"path":"/b","kind":"32-bit","reason":"r"},
                {"path":"/c","kind":"32-bit","reason":"r"},
                {"path":"/d \\"e","kind":"set-uid","reason":"r"}
                ]
                """;
        assertThat(Tree.parse(findings, MACHINE))
                .isEqualTo(new Tree(MACHINE, Optional.of("/b"), Optional.of("/d \"e")));
        assertThat(Tree.parse("[]", MACHINE)).isEqualTo(PLAIN);
    }

    private static Host host(Set<Capability> allowed, Optional<OciRuntime> runtime, Optional<Path> apptainer) {
        return new Host(MACHINE, true, Capabilities.of(allowed), runtime, apptainer);
    }

    private static List<Mode> modes(Host host, Tree tree, Wishes wishes) {
        return ((Choice.Modes) ChoiceTable.choose(host, tree, wishes))
                .inOrder().stream().map(EngineChoice::mode).toList();
    }

    private static EngineChoice best(Host host, Tree tree, Wishes wishes) {
        return ((Choice.Modes) ChoiceTable.choose(host, tree, wishes)).best();
    }

    private static String refusal(Host host, Tree tree, Wishes wishes) {
        return ((Choice.None) ChoiceTable.choose(host, tree, wishes)).reason();
    }
}
