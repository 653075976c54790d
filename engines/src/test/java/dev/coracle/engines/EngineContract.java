package dev.coracle.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What holds of every engine that really runs guests: it does what a launch asks for, or refuses it by name. */
abstract class EngineContract extends SupervisionContract {
    /** What the engine wants of a tree before it runs there. */
    void makeReady(Path tree) {}

    @Test
    void theGuestIsWhoItShallBeOrThatIsRefused() {
        Launch other = with(Optional.of("1234:567"), "id", "-u");
        if (engine().lacks(other).isEmpty()) {
            assertThat(run(other).stdout().text().text()).isEqualTo("1234\n");
        } else {
            assertThatThrownBy(() -> run(other))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("1234:567");
        }
    }

    @Test
    void theGuestCanBeRoot() {
        assertThat(run(with(Optional.of("0:0"), "id", "-u")).stdout().text().text())
                .isEqualTo("0\n");
    }

    @Test
    void anOverlayKeepsTheTreeOrIsRefused() throws Exception {
        Path tree = HostTree.make(directory.resolve("tree"));
        makeReady(tree);
        Launch over = new Launch(
                tree,
                Optional.of(Overlay.over(directory.resolve("upper"))),
                HostTree.programs(),
                "/",
                launch(directory, List.of("true")).env(),
                Optional.empty(),
                List.of("sh", "-c", "echo new >file"));
        if (engine().lacks(over).isEmpty()) {
            assertThat(run(over).exit()).isEqualTo(new Exit.Code(0));
            assertThat(directory.resolve("upper/file")).hasContent("new\n");
        } else {
            assertThatThrownBy(() -> run(over))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("overlay");
        }
        assertThat(tree.resolve("file")).doesNotExist();
    }

    @Test
    void bindsOfFilesAndDirectoriesShowTheHostAndReadOnlyOnesStaySo() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "old\n");
        Path outside = Files.createDirectory(directory.resolve("outside"));
        List<Bind> binds = List.of(
                Bind.readOnly(file, "/not/there/yet/file"),
                Bind.writable(outside, "/not/there/either"),
                Bind.readOnly(outside, "/fixed"));
        String use = "cat /not/there/yet/file; echo made >/not/there/either/made; cat /fixed/made;"
                + " (echo no >/fixed/no) 2>/dev/null || echo refused; (echo no >/not/there/yet/file) 2>/dev/null || echo kept";

        RunReport report = run(bound(binds, "sh", "-c", use));

        assertThat(report.stdout().text().text()).isEqualTo("old\nmade\nrefused\nkept\n");
        assertThat(outside).isDirectoryContaining("glob:**/made").isDirectoryNotContaining("glob:**/no");
        assertThat(file).hasContent("old\n");
    }

    @Test
    void aBindOfNothingIsRefusedByName() {
        Path nothing = directory.resolve("nothing");
        Launch launch = bound(List.of(Bind.writable(nothing, "/data")), "true");
        String said;
        try {
            RunReport report = run(launch);
            assertThat(report.exit()).isInstanceOf(Exit.NotStarted.class);
            said = report.stderr().text().text();
        } catch (EngineException e) {
            said = e.toString();
        }
        assertThat(said).contains(nothing.toString());
    }

    private Launch with(Optional<String> user, String... command) {
        Launch plain = launch(directory, List.of(command));
        return new Launch(plain.root(), plain.binds(), "/", plain.env(), user, plain.command());
    }

    private Launch bound(List<Bind> more, String... command) {
        Launch plain = launch(directory, List.of(command));
        List<Bind> binds = new ArrayList<>(plain.binds());
        binds.addAll(more);
        return new Launch(plain.root(), binds, "/", plain.env(), Optional.empty(), plain.command());
    }
}
