package dev.coracle.engines.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coracle.engines.container.MountPoints.Wanted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountPointsTest {
    @TempDir
    Path place;

    private Path tree = Path.of("/none");
    private Map<String, FileTime> before = Map.of();

    @BeforeEach
    void plant() throws IOException {
        tree = place.resolve("tree");
        Files.createDirectories(tree.resolve("etc/there"));
        Files.createDirectories(tree.resolve("run"));
        Files.createSymbolicLink(tree.resolve("var"), Path.of("/run/../run"));
        Files.createSymbolicLink(tree.resolve("up"), Path.of("../../.."));
        for (String old : List.of("etc/there", "etc", "run", "")) {
            Files.setLastModifiedTime(tree.resolve(old), FileTime.fromMillis(1_000_000_000_123L));
        }
        before = contents();
    }

    @Test
    void makesWhatIsMissingAndTakesItAway() throws IOException {
        MountPoints made = MountPoints.make(
                tree,
                List.of(new Wanted("/etc/there/a/b", true), new Wanted("/etc/f", false), new Wanted("/etc", true)));
        assertThat(tree.resolve("etc/there/a/b")).isDirectory();
        assertThat(tree.resolve("etc/f")).isEmptyFile();
        made.close();
        assertThat(contents()).isEqualTo(before);
        assertThat(place).isDirectoryNotContaining(path -> !path.equals(tree));
    }

    @Test
    void followsLinksAsTheGuestDoes() throws IOException {
        MountPoints made =
                MountPoints.make(tree, List.of(new Wanted("/var/lock", true), new Wanted("/up/up/new", true)));
        assertThat(tree.resolve("run/lock")).isDirectory();
        assertThat(tree.resolve("new")).isDirectory();
        made.close();
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void theLastOfSeveralRunsTakesAwayWhatAllHaveMade() throws IOException {
        MountPoints first = MountPoints.make(tree, List.of(new Wanted("/a", true)));
        MountPoints second = MountPoints.make(tree, List.of(new Wanted("/a/b", true), new Wanted("/c", true)));
        MountPoints third = MountPoints.make(tree, List.of(new Wanted("/a", true)));
        first.close();
        assertThat(tree.resolve("a/b")).isDirectory();
        second.close();
        assertThat(tree.resolve("a")).isDirectory();
        third.close();
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void whatAKilledRunHasLeftGoesWithTheNext() throws IOException {
        Files.createDirectory(tree.resolve("left"));
        Files.writeString(
                tree.resolveSibling("tree.coracle-mounts"),
                "2001-09-09T01:46:40.123Z - " + tree.resolve("left") + "\n2001-09");
        MountPoints.make(tree, List.of(new Wanted("/etc", true))).close();
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void whatTheGuestHasPutThereStays() throws IOException {
        MountPoints made = MountPoints.make(tree, List.of(new Wanted("/kept/here", true)));
        Files.writeString(tree.resolve("kept/file"), "of the guest");
        made.close();
        assertThat(tree.resolve("kept/file")).hasContent("of the guest");
        assertThat(tree.resolve("kept/here")).doesNotExist();
    }

    @Test
    void refusesToPutADirectoryOnAFileAndLeavesNothing() throws IOException {
        Files.createFile(tree.resolve("etc/file"));
        Map<String, FileTime> now = contents();
        assertThatThrownBy(
                        () -> MountPoints.make(tree, List.of(new Wanted("/new", true), new Wanted("/etc/file", true))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("etc/file");
        assertThat(contents()).isEqualTo(now);
        assertThat(place).isDirectoryNotContaining(path -> !path.equals(tree));
    }

    /** Everything with the time of its last change. */
    private Map<String, FileTime> contents() throws IOException {
        Map<String, FileTime> all = new TreeMap<>();
        try (var files = Files.walk(tree)) {
            for (Path file : files.toList()) {
                all.put(file.toString(), Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS));
            }
        }
        return all;
    }
}
