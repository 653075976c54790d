package dev.coracle.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coracle.layers.tar.RawTar;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnpackerTest {
    @TempDir
    Path temp;

    private Path out;

    @BeforeEach
    void makeDirectory() throws Exception {
        out = Files.createDirectory(temp.resolve("out"));
    }

    private UnpackReport unpack(InputStream tar) {
        try (Unpacker unpacker = Unpacker.into(out)) {
            unpacker.tree(tar, "it");
            return unpacker.finish();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gnu", "pax --sparse-version=0.0", "pax --sparse-version=0.1", "pax --sparse-version=1.0"})
    void holesStayHoles(String format) throws Exception {
        Shell.run(temp, """
                mkdir in; cd in; printf begin > f; printf middle | dd of=f bs=1 seek=50000000 conv=notrunc status=none
                truncate -s 200000000 f; truncate -s 70000000 empty; touch -d '2003-04-05' f empty; chmod 4711 f
                tar -S -H %s -cf ../t.tar f empty
                """.formatted(format));
        try (InputStream tar = Files.newInputStream(temp.resolve("t.tar"))) {
            assertThat(unpack(tar).bytes()).as("what is stored").isLessThan(1 << 20);
        }
        Shell.run(temp, "cmp in/f out/f; cmp in/empty out/empty");
        String shown = "stat -c '%n %a %Y %s' f empty; for f in f empty; do [ $(stat -c %b $f) -lt 5000 ]; done";
        assertThat(Shell.run(out, shown)).isEqualTo(Shell.run(temp.resolve("in"), shown));
    }

    @Test
    void aHoleThatNoFileCanHaveIsSaid() throws Exception {
        byte[] tar = new RawTar()
                .records('x', "GNU.sparse.map", "0,1", "GNU.sparse.size", Long.toString(Long.MAX_VALUE))
                .entry('0', "f", "x")
                .bytes();
        try {
            unpack(new ByteArrayInputStream(tar));
            // A file system may have room for it: it is all hole.
            assertThat(Files.size(out.resolve("f"))).isEqualTo(Long.MAX_VALUE);
        } catch (LayerException e) {
            assertThat(e).hasMessageContaining("set the size of");
        }
    }

    @Test
    void whatNobodyKnowsIsLeftOutAndSaid() throws Exception {
        byte[] tar =
                new RawTar().entry('V', "label", "content").entry('0', "f", "x").bytes();
        assertThat(unpack(new ByteArrayInputStream(tar)).skipped())
                .containsExactly("label: entry of unknown type V left out");
        assertThat(out.resolve("f")).hasContent("x");
    }

    @Test
    void theEntryThatFailedIsNamed() {
        byte[] tar = new RawTar()
                .entry('0', "d/good", "x")
                .header('0', "d/cut", 9000, block -> {})
                .unfinished();
        assertThatThrownBy(() -> unpack(new ByteArrayInputStream(tar)))
                .hasMessageContaining("unpack d/cut of it")
                .hasMessageContaining("the archive ends in the middle of a file");
    }
}
