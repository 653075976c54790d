package dev.coracle.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.coracle.engines.guests.EngineUnderTest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeIndexesTest {
    private static final EngineProgram ENGINE = new EngineProgram(EngineUnderTest.program(), "built");

    @TempDir
    Path directory;

    private Path tree = Path.of("");
    private Path index = Path.of("");

    @BeforeEach
    void makeATree() throws Exception {
        assumeThat(EngineUnderTest.program()).isExecutable();
        tree = Files.createDirectory(directory.resolve("tree"));
        index = directory.resolve("tree.coracle-index");
        Files.copy(EngineUnderTest.program(), tree.resolve("program"));
    }

    @Test
    void makesAnIndexWhereThereIsNone() {
        EngineChoice choice = new TreeIndexes().choose(ENGINE, tree);
        assertThat(choice.mode()).isEqualTo(Mode.F3);
        assertThat(choice.reason()).endsWith("just now");
        assertThat(index).isRegularFile();
    }

    @Test
    void takesTheIndexThatIsThere() throws Exception {
        new TreeIndexes().choose(ENGINE, tree);
        Object before = Files.getAttribute(index, "unix:ino");
        assertThat(new TreeIndexes().choose(ENGINE, tree).reason()).endsWith("ahead");
        assertThat(Files.getAttribute(index, "unix:ino")).isEqualTo(before);
    }

    @Test
    void replacesADamagedIndex() throws Exception {
        Files.writeString(index, "not an index");
        assertThat(new TreeIndexes().choose(ENGINE, tree).reason()).endsWith("just now");
        assertThat(new TreeIndexes().choose(ENGINE, tree).reason()).endsWith("ahead");
    }

    @Test
    void replacesTheIndexOfAnotherTree() throws Exception {
        new TreeIndexes().choose(ENGINE, tree);
        Path other = Files.createDirectory(directory.resolve("other"));
        Files.copy(index, directory.resolve("other.coracle-index"));
        assertThat(new TreeIndexes().choose(ENGINE, other).reason()).endsWith("just now");
    }

    @Test
    void decidesOnceForEachTreeWhileTheIndexIsThere() throws Exception {
        TreeIndexes indexes = new TreeIndexes();
        EngineChoice first = indexes.choose(ENGINE, tree);
        assertThat(indexes.choose(ENGINE, tree)).isSameAs(first);
        Files.delete(index);
        assertThat(indexes.choose(ENGINE, tree).reason()).endsWith("just now");
        assertThat(index).isRegularFile();
    }

    @Test
    void saysWhyItIsF1WhenThereCanBeNoIndex() throws Exception {
        Files.createDirectory(index);
        EngineChoice choice = new TreeIndexes().choose(ENGINE, tree);
        assertThat(choice.mode()).isEqualTo(Mode.F1);
        assertThat(choice.reason()).contains("no index").containsIgnoringCase("directory");
    }

    @Test
    void saysWhyItIsF1WhenTheEngineCannotMakeOne() {
        EngineChoice choice = new TreeIndexes().choose(new EngineProgram(Path.of("/bin/false"), "a test"), tree);
        assertThat(choice.mode()).isEqualTo(Mode.F1);
        assertThat(choice.reason()).endsWith("exit code 1");
    }
}
