package dev.coracle.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.linux.OpenDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By leaps, as on kernels that have openat2, and step by step, as on older ones. */
class DirectoryWalkTest {
    @TempDir
    Path temp;

    private final List<String> made = new ArrayList<>();

    private DirectoryWalk walk(boolean leaping) throws IOException {
        return new DirectoryWalk(temp.resolve("top"), each -> made.add(each.path()), leaping);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyDirectoryIsReachedFromEveryOther(boolean leaping) throws Exception {
        Random random = new Random(5);
        List<String> names = new ArrayList<>(List.of(""));
        Files.createDirectory(temp.resolve("top"));
        for (int i = 0; i < 60; i++) {
            String parent = names.get(random.nextInt(names.size()));
            names.add(parent.isEmpty() ? "d" + i : parent + "/d" + i);
            Files.createDirectory(temp.resolve("top").resolve(names.getLast()));
        }
        try (DirectoryWalk walk = walk(leaping)) {
            for (int i = 0; i < 500; i++) {
                String name = names.get(random.nextInt(names.size()));
                OpenDirectory directory = walk.reach(EntryName.parse(name));
                assertThat(directory.status(".").inode())
                        .as(name)
                        .isEqualTo(Files.getAttribute(temp.resolve("top").resolve(name), "unix:ino"));
            }
        }
        assertThat(made).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsMissingIsMadeAndTold(boolean leaping) throws Exception {
        Files.createDirectories(temp.resolve("top/a/b"));
        try (DirectoryWalk walk = walk(leaping)) {
            walk.reach(EntryName.parse("a/b/c/d")).makeDirectory("e");
        }
        assertThat(temp.resolve("top/a/b/c/d/e")).isDirectory();
        assertThat(made).containsExactly("a/b/c", "a/b/c/d");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noLinkIsFollowedWhereverItLeads(boolean leaping) throws Exception {
        Shell.run(
                temp,
                "mkdir -p top/a/real/deep out/deep; ln -s ../../out top/a/out; ln -s real top/a/in; ln -s / top/a/root; : > top/a/file");
        try (DirectoryWalk walk = walk(leaping)) {
            for (String name : List.of("a/out/deep", "a/in/deep", "a/root/tmp", "a/file/x")) {
                assertThatThrownBy(() -> walk.reach(EntryName.parse(name)))
                        .as(name)
                        .isInstanceOfSatisfying(
                                LayerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
            }
            assertThat(walk.reach(EntryName.parse("a/real/deep")).names()).isEmpty();
        }
    }

    @Test
    void theKernelItselfRefusesWhatLeadsOut() throws Exception {
        Shell.run(temp, "mkdir -p top/a/b out; ln -s b top/a/link");
        try (OpenDirectory top = OpenDirectory.open(temp.resolve("top"))) {
            assertThat(top.openBelow(List.of("a", "link"))).isEmpty();
            assertThat(top.openBelow(List.of("a", "..", "..", "out"))).isEmpty();
            assertThat(top.openBelow(List.of("a", "none"))).isEmpty();
        }
    }
}
