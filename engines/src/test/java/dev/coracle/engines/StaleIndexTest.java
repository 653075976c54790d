package dev.coracle.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.HostTools;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Code of an index runs only as long as the file is what it was; whatever else runs is guarded all the same. */
class StaleIndexTest {
    private static final String SOURCE = """
            #include <stdio.h>
            #include <unistd.h>
            int main(void)
            {
                printf("%s %s\\n", WORD, access("/etc/passwd", F_OK) == 0 ? "host" : "guest");
                fflush(stdout);
                return getchar() == EOF ? 0 : 1;
            }
            """;

    @TempDir
    Path directory;

    private Path tree = Path.of("");
    private Path program = Path.of("");

    /** What the program said while it ran, and whether its code came from the index. */
    private record Seen(String words, boolean indexed) {}

    @BeforeEach
    void makeATreeWithAnIndex() throws Exception {
        assumeThat(EngineUnderTest.program()).isExecutable();
        assumeThat(HostTools.find("gcc")).isPresent();
        tree = Files.createDirectory(directory.resolve("tree"));
        program = tree.resolve("program");
        compile("first", program);
        compile("other", directory.resolve("other"));
        HostTools.require(EngineUnderTest.program().toString(), "index", tree.toString());
    }

    @Test
    void codeOfAFileThatIsStillTheSameComesFromTheIndex() throws Exception {
        assertThat(run(tree)).isEqualTo(new Seen("first guest", true));
    }

    @Test
    void aFileRewrittenInPlaceRunsAsItIs() throws Exception {
        FileTime modified = Files.getLastModifiedTime(program);
        Files.write(program, Files.readAllBytes(directory.resolve("other")));
        Files.setLastModifiedTime(program, modified);
        assertThat(run(tree)).isEqualTo(new Seen("other guest", false));
    }

    @Test
    void aFileThatTookItsPlaceRunsAsItIs() throws Exception {
        Files.setLastModifiedTime(directory.resolve("other"), Files.getLastModifiedTime(program));
        Files.move(directory.resolve("other"), program, StandardCopyOption.ATOMIC_MOVE);
        assertThat(run(tree)).isEqualTo(new Seen("other guest", false));
    }

    @Test
    void aFileWhoseTimesChangedIsLookedThrough() throws Exception {
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        assertThat(run(tree)).isEqualTo(new Seen("first guest", false));
    }

    @Test
    void aNewLinkToTheFileIsLookedThrough() throws Exception {
        Files.createLink(tree.resolve("link"), program);
        assertThat(run(tree)).isEqualTo(new Seen("first guest", false));
    }

    @Test
    void anIndexIsNotTakenForAnotherTree() throws Exception {
        Path copy = directory.resolve("copy");
        HostTools.require("cp", "-a", tree.toString(), copy.toString());
        Files.copy(directory.resolve("tree.coracle-index"), directory.resolve("copy.coracle-index"));
        assertThat(refusal(copy)).contains("of another tree").contains("--mode=F1");
    }

    @Test
    void aMissingIndexIsSaid() throws Exception {
        Files.delete(directory.resolve("tree.coracle-index"));
        assertThat(refusal(tree)).contains("there is no index").contains("coracle-engine index TREE");
    }

    private static void compile(String word, Path to) {
        Path source = to.resolveSibling(word + ".c");
        HostTools.require(
                "sh",
                "-c",
                "printf '%s' \"$1\" >\"$2\" && gcc -static -O2 -DWORD='\"'\"$3\"'\"' -o \"$4\" \"$2\" && rm \"$2\"",
                "sh",
                SOURCE,
                source.toString(),
                word,
                to.toString());
    }

    private static Process start(Path tree) throws Exception {
        // With a directory of its own the engine need not stay, and what was started becomes the guest.
        Path run = Files.createDirectories(tree.resolveSibling("run"));
        return new ProcessBuilder(List.of(
                        EngineUnderTest.program().toString(),
                        "run",
                        "--mode=F3",
                        "--root=" + tree,
                        "--run-directory=" + run,
                        "--",
                        "/program"))
                .redirectErrorStream(true)
                .start();
    }

    /** The program waits for the end of its input, so its mappings can be looked at. */
    private static Seen run(Path tree) throws Exception {
        Process process = start(tree);
        try (var words = process.inputReader(StandardCharsets.UTF_8)) {
            String said = words.readLine();
            // The index's tables are mapped in any case, but not as code.
            boolean indexed = Files.readAllLines(Path.of("/proc/" + process.pid() + "/maps")).stream()
                    .anyMatch(line -> line.contains(" r-xp ") && line.endsWith(".coracle-index"));
            process.getOutputStream().close();
            assertThat(process.waitFor()).isZero();
            return new Seen(said, indexed);
        }
    }

    private static String refusal(Path tree) throws Exception {
        Process process = start(tree);
        try (var words = process.getInputStream()) {
            String said = new String(words.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).isEqualTo(125);
            return said;
        }
    }
}
