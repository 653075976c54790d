package dev.coracle.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WhiteoutsTest {
    private static final String FIND = "find . -mindepth 1 -printf '%P ' | tr ' ' '\\n' | sort | tr '\\n' ' '";

    @TempDir
    Path out;

    @Test
    void aWhiteoutHidesWhatIsBelow() throws Exception {
        layers(
                new TarBuilder().file("d/a", "").file("d/b/c", "").file("e", ""),
                new TarBuilder().file("d/.wh.b", "").file(".wh.e", ""));
        assertThat(Shell.run(out, FIND)).isEqualTo("d d/a ");
    }

    @Test
    void anOpaqueDirectoryKeepsOnlyWhatItsLayerBringsWhateverTheOrder() throws Exception {
        layers(
                new TarBuilder().file("d/old", "").file("d/sub/old", "").file("x", ""),
                new TarBuilder().file("d/new", "").file("d/sub/new", "").file("d/.wh..wh..opq", ""));
        assertThat(Shell.run(out, FIND)).isEqualTo("d d/new d/sub d/sub/new x ");
    }

    @Test
    void aWhiteoutDoesNotHideWhatItsOwnLayerBrings() throws Exception {
        layers(
                new TarBuilder().file("d/old", ""),
                new TarBuilder().file("d/new", "").file(".wh.d", ""));
        assertThat(Shell.run(out, FIND)).isEqualTo("d d/new ");
    }

    @Test
    void aWhiteoutOfALinkRemovesTheLinkOnly() throws Exception {
        layers(new TarBuilder().file("d/kept", "").symlink("l", "d"), new TarBuilder().file(".wh.l", ""));
        assertThat(Shell.run(out, FIND)).isEqualTo("d d/kept ");
    }

    @Test
    void aFileReplacesADirectoryAndTheOtherWayRound() throws Exception {
        layers(
                new TarBuilder().file("a/inside", "").file("b", ""),
                new TarBuilder()
                        .file("a", "now a file")
                        .directory("b/")
                        .file("b/inside", "")
                        .directory("c/"));
        assertThat(Shell.run(out, FIND)).isEqualTo("a b b/inside c ");
    }

    private void layers(TarBuilder... layers) {
        try (Unpacker unpacker = Unpacker.into(out)) {
            for (TarBuilder layer : layers) {
                unpacker.layer(new ByteArrayInputStream(layer.bytes()), "layer");
            }
            unpacker.finish();
        }
    }
}
