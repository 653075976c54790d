package dev.coracle.layers.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coracle.layers.Architecture;
import dev.coracle.layers.HeldModes;
import dev.coracle.layers.ImageConfig;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.Progress;
import dev.coracle.layers.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OciLayoutTest {
    @TempDir
    Path temp;

    @BeforeEach
    void makeImage() throws Exception {
        RealImage.make(temp);
    }

    @Test
    void theTreeIsTheOneThatUmociUnpacks() throws Exception {
        ImageConfig config = unpack("oci:" + temp + "/img:v1");
        assertThat(Shell.describe(temp.resolve("ours"))).isEqualTo(RealImage.reference(temp));
        assertThat(config)
                .isEqualTo(new ImageConfig(
                        List.of("/bin/sh", "-c"), List.of("echo hi"), List.of("A=1", "B=two words"), "/work", "7:8"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tar -C img -cf image.tar .",
                "tar -C img -czf image.tar .",
                "tar -C img -c . | zstd -q > image.tar",
                "skopeo copy -q --dest-compress-format zstd --dest-compress oci:img:v1 oci-archive:image.tar:v1"
            })
    void anArchiveOfTheLayoutGivesTheSameTree(String archive) throws Exception {
        Shell.needs("skopeo");
        Shell.run(temp, archive);
        unpack("oci:" + temp + "/image.tar:v1");
        assertThat(Shell.describe(temp.resolve("ours"))).isEqualTo(RealImage.reference(temp));
    }

    @Test
    void layersCompressedWithZstdGiveTheSameTree() throws Exception {
        Shell.needs("skopeo");
        Shell.run(temp, "skopeo copy -q --dest-compress --dest-compress-format zstd oci:img:v1 oci:img2:v1");
        unpack("oci:" + temp + "/img2");
        assertThat(Shell.describe(temp.resolve("ours"))).isEqualTo(RealImage.reference(temp));
    }

    @Test
    void anUnknownTagIsAnsweredWithTheTagsThereAre() throws Exception {
        Shell.run(temp, "umoci tag --image img:v1 other");
        assertThatThrownBy(() -> unpack("oci:" + temp + "/img:nope"))
                .hasMessageContaining("none with the tag nope")
                .hasMessageContaining("there are: other, v1");
    }

    @Test
    void severalTagsNeedAChoice() throws Exception {
        Shell.run(temp, "umoci config --config.user root --image img:v1 --tag other");
        assertThatThrownBy(() -> unpack("oci:" + temp + "/img"))
                .hasMessageContaining("several images")
                .hasMessageContaining("name one of: other, v1");
    }

    @Test
    void anotherArchitectureIsAnsweredWithTheOnesThereAre() {
        ImageSource.Oci source = (ImageSource.Oci) ImageSource.parse("oci:" + temp + "/img:v1");
        assertThatThrownBy(() -> Images.open(source, Architecture.AARCH64, temp))
                .hasMessageContaining("none for linux/arm64")
                .hasMessageContaining("linux/amd64");
    }

    @Test
    void nestedIndexesAreSearchedForTheArchitecture() throws Exception {
        Shell.needs("jq");
        Shell.run(temp, RealImage.NEST);
        unpack("oci:" + temp + "/img:multi");
        assertThat(Shell.describe(temp.resolve("ours"))).isEqualTo(RealImage.reference(temp));
    }

    @Test
    void aChangedLayerIsNoticedBeforeItIsUsed() throws Exception {
        Shell.run(
                temp,
                "f=$(ls -S img/blobs/sha256/* | head -1); printf X | dd of=$f bs=1 seek=200 conv=notrunc status=none");
        assertThatThrownBy(() -> unpack("oci:" + temp + "/img:v1"))
                .isInstanceOfSatisfying(
                        LayerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DIGEST_MISMATCH))
                .hasMessageContaining("expected sha256:");
        assertThat(temp.resolve("ours")).isEmptyDirectory();
    }

    @Test
    void aShortenedLayerIsNoticedBeforeItIsUsed() throws Exception {
        Shell.run(temp, "truncate -s -5 $(ls -S img/blobs/sha256/* | head -1)");
        assertThatThrownBy(() -> unpack("oci:" + temp + "/img:v1")).hasMessageContaining("its size is");
        assertThat(temp.resolve("ours")).isEmptyDirectory();
    }

    @Test
    void aWrongDiffIdIsNoticed() throws Exception {
        Shell.needs("jq");
        Shell.run(temp, RealImage.LIE_ABOUT_CONTENT);
        assertThatThrownBy(() -> unpack("oci:" + temp + "/img:v1"))
                .hasMessageContaining("check content of")
                .hasMessageContaining("expected sha256:0000");
    }

    @Test
    void aMissingLayoutIsNamed() {
        assertThatThrownBy(() -> unpack("oci:" + temp + "/nowhere:v1"))
                .isInstanceOfSatisfying(
                        LayerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND))
                .hasMessageContaining("nowhere");
    }

    private ImageConfig unpack(String source) throws Exception {
        Path ours = Files.createDirectories(temp.resolve("ours"));
        ImageSource.Oci oci = (ImageSource.Oci) ImageSource.parse(source);
        try (Image image = Images.open(oci, Architecture.X86_64, temp)) {
            image.unpack(ours, HeldModes.none(), Progress.SILENT);
            return image.config();
        }
    }
}
