package dev.coracle.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.coracle.engines.guests.EngineUnderTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
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
        EngineChoice choice = new TreeIndexes().choose(ENGINE, tree, Optional.empty());
        assertThat(choice.mode()).isEqualTo(Mode.F3);
        assertThat(choice.reason()).endsWith("just now");
        assertThat(index).isRegularFile();
    }

    @Test
    void takesTheIndexThatIsThere() throws Exception {
        new TreeIndexes().choose(ENGINE, tree, Optional.empty());
        Object before = Files.getAttribute(index, "unix:ino");
        assertThat(new TreeIndexes().choose(ENGINE, tree, Optional.empty()).reason())
                .endsWith("ahead");
        assertThat(Files.getAttribute(index, "unix:ino")).isEqualTo(before);
    }

    @Test
    void takesTheIndexThatHasTravelledWithTheTree() throws Exception {
        Path travelled = directory.resolve("travelled");
        assertThat(TreeIndexes.pack(ENGINE, tree, travelled)).isEmpty();
        Path unpacked = copy("unpacked");
        assertThat(new TreeIndexes()
                        .choose(ENGINE, unpacked, Optional.of(travelled))
                        .reason())
                .endsWith("in its layer");
        assertThat(new TreeIndexes()
                        .choose(ENGINE, unpacked, Optional.of(travelled))
                        .reason())
                .endsWith("ahead");
    }

    @Test
    void anIndexThatTravelsHasTheSameBytesWhereverItIsMade() throws Exception {
        assertThat(TreeIndexes.pack(ENGINE, tree, directory.resolve("one"))).isEmpty();
        assertThat(TreeIndexes.pack(ENGINE, copy("again"), directory.resolve("two")))
                .isEmpty();
        assertThat(directory.resolve("one")).hasSameBinaryContentAs(directory.resolve("two"));
    }

    @Test
    void doesNotTakeAnIndexThatCameWithAnotherTreeOrIsDamaged() throws Exception {
        Path travelled = directory.resolve("travelled");
        assertThat(TreeIndexes.pack(ENGINE, tree, travelled)).isEmpty();
        Path other = copy("other");
        Files.setLastModifiedTime(other.resolve("program"), FileTime.fromMillis(1000));
        assertThat(new TreeIndexes()
                        .choose(ENGINE, other, Optional.of(travelled))
                        .reason())
                .endsWith("just now");
        Files.writeString(travelled, "not an index");
        assertThat(new TreeIndexes()
                        .choose(ENGINE, copy("third"), Optional.of(travelled))
                        .reason())
                .endsWith("just now");
    }

    private Path copy(String name) throws Exception {
        Path copy = Files.createDirectory(directory.resolve(name));
        Files.copy(tree.resolve("program"), copy.resolve("program"), StandardCopyOption.COPY_ATTRIBUTES);
        return copy;
    }

    @Test
    void replacesADamagedIndex() throws Exception {
        Files.writeString(index, "not an index");
        assertThat(new TreeIndexes().choose(ENGINE, tree, Optional.empty()).reason())
                .endsWith("just now");
        assertThat(new TreeIndexes().choose(ENGINE, tree, Optional.empty()).reason())
                .endsWith("ahead");
    }

    @Test
    void replacesTheIndexOfAnotherTree() throws Exception {
        new TreeIndexes().choose(ENGINE, tree, Optional.empty());
        Path other = Files.createDirectory(directory.resolve("other"));
        Files.copy(index, directory.resolve("other.coracle-index"));
        assertThat(new TreeIndexes().choose(ENGINE, other, Optional.empty()).reason())
                .endsWith("just now");
    }

    @Test
    void decidesOnceForEachTreeWhileTheIndexIsThere() throws Exception {
        TreeIndexes indexes = new TreeIndexes();
        EngineChoice first = indexes.choose(ENGINE, tree, Optional.empty());
        assertThat(indexes.choose(ENGINE, tree, Optional.empty())).isSameAs(first);
        Files.delete(index);
        assertThat(indexes.choose(ENGINE, tree, Optional.empty()).reason()).endsWith("just now");
        assertThat(index).isRegularFile();
    }

    @Test
    void saysWhyItIsF1WhenThereCanBeNoIndex() throws Exception {
        Files.createDirectory(index);
        EngineChoice choice = new TreeIndexes().choose(ENGINE, tree, Optional.empty());
        assertThat(choice.mode()).isEqualTo(Mode.F1);
        assertThat(choice.reason()).contains("no index").containsIgnoringCase("directory");
    }

    @Test
    void saysWhyItIsF1WhenTheEngineCannotMakeOne() {
        EngineChoice choice =
                new TreeIndexes().choose(new EngineProgram(Path.of("/bin/false"), "a test"), tree, Optional.empty());
        assertThat(choice.mode()).isEqualTo(Mode.F1);
        assertThat(choice.reason()).endsWith("exit code 1");
    }
}
