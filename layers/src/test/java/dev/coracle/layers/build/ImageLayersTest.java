package dev.coracle.layers.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coracle.layers.Architecture;
import dev.coracle.layers.Digest;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.PackedImage;
import dev.coracle.layers.Progress;
import dev.coracle.layers.Shell;
import dev.coracle.layers.TreeArchive;
import dev.coracle.layers.image.ImageSource;
import dev.coracle.layers.image.RealImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageLayersTest {
    private static final List<Path> PATH = List.of(Path.of("/usr/bin"), Path.of("/bin"));
    private static final String TREE =
            "mkdir -p t/d; cp -L /bin/sh t/sh; for i in %s; do echo $i > t/d/$i; done; ln t/d/3 t/twin; ln -s d t/link;"
                    + " chmod 4711 t/d/5; find t -exec touch -h -d @1000000000.5 {} +";

    @TempDir
    Path temp;

    @Test
    void theZipIsTheSameWhateverTheOrderOfFilesAndTheTimeZone() throws Exception {
        Shell.run(temp, TREE.formatted("{1..50}"));
        Digest first = Digest.sha256(build("tree:" + temp + "/t", "one"));
        TimeZone zone = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
            Shell.run(temp, "rm -r t;" + TREE.formatted("{50..1}"));
            assertThat(Digest.sha256(build("tree:" + temp + "/t", "two"))).isEqualTo(first);
        } finally {
            TimeZone.setDefault(zone);
        }
    }

    @Test
    void theZipIsTheSameAlsoOfATarThatDoesNotDescribeItsTop() throws Exception {
        Shell.run(temp, TREE.formatted("{1..5}") + "; tar -cf root.tar -C t d twin");
        Digest first = Digest.sha256(build("tar:" + temp + "/root.tar", "one"));
        assertThat(Digest.sha256(build("tar:" + temp + "/root.tar", "two"))).isEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "bzip2", "xz", "zstd"})
    void aCompressedTarThatWasCutOrChangedIsRefused(String program) throws Exception {
        Shell.run(
                temp,
                "head -c 300000 /dev/urandom > a; tar -cf root.tar a; %s -q root.tar; mv root.tar.* whole"
                        .formatted(program));
        byte[] whole = Files.readAllBytes(temp.resolve("whole"));
        byte[] changed = whole.clone();
        changed[whole.length / 2] ^= 1;
        Files.write(temp.resolve("changed"), changed);
        Files.write(temp.resolve("cut"), Arrays.copyOf(whole, whole.length - 4));
        for (String damaged : List.of("changed", "cut")) {
            assertThatThrownBy(() -> build("tar:" + temp.resolve(damaged), "out"))
                    .as(damaged)
                    .isInstanceOfSatisfying(
                            LayerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPT))
                    .hasMessageContaining(damaged);
        }
        assertThat(temp.resolve("out")).isEmptyDirectory();
    }

    @Test
    void theZipHoldsTheImageUnderItsName() throws Exception {
        Shell.needs("unzip");
        Shell.run(temp, TREE.formatted("{1..5}"));
        build("tree:" + temp + "/t", "out");
        Shell.run(temp, "unzip -q out/demo-image-layer.zip");
        PackedImage image = PackedImage.read(temp.resolve("coracle/images/demo/image.json"));
        assertThat(image.name()).isEqualTo("demo");
        assertThat(image.architecture()).isEqualTo("x86_64");
        Path back = Files.createDirectory(temp.resolve("back"));
        TreeArchive.unpack(
                temp.resolve("coracle/images/demo/tree.tar.zst"), image.tree().digest(), back);
        assertThat(Shell.describe(back)).isEqualTo(Shell.describe(temp.resolve("t")));
        assertThat(Shell.run(temp, "ls -A out")).isEqualTo("demo-image-layer.zip\n");
        assertThat(Shell.run(temp, "head -c 7 coracle/images/demo/tree.index")).isEqualTo("coracle");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tar -cf",
                "tar -czf",
                "tar -cJf",
                "tar --zstd -cf",
                "tar --format=pax -cjf",
                "tar --format=ustar -cf",
                "tar -Scf"
            })
    void aRootTarOfAnyKindGivesTheTreeThatGnuTarUnpacks(String tar) throws Exception {
        Shell.run(
                temp,
                TREE.formatted("{1..20}")
                        + "; truncate -s 1M t/holes; echo end >> t/holes; echo x > t/.wh.kept; touch -d @1 t; " + tar
                        + " root.tar -C t . && mkdir gnu && tar -xpf root.tar -C gnu");
        Path back = unpacked(build("tar:" + temp + "/root.tar", "out"));
        assertThat(Shell.describe(back)).isEqualTo(Shell.describe(temp.resolve("gnu")));
    }

    @Test
    void modesThatLockTheirOwnerOutAreInTheArchiveAllTheSame() throws Exception {
        Shell.run(temp, """
                mkdir -p t/none/in t/bin; echo a > t/bin/sudo; chmod 4111 t/bin/sudo; ln t/bin/sudo t/a; echo z > t/none/in/z
                chmod 0 t/none/in/z t/none/in t/none; tar -cf root.tar -C t .; mkdir gnu; tar -xpf root.tar -C gnu
                """);
        Path back = unpacked(build("tar:" + temp + "/root.tar", "out"));
        assertThat(Shell.describe(back)).isEqualTo(Shell.describe(temp.resolve("gnu")));
    }

    @Test
    void anImageBringsItsConfiguration() throws Exception {
        RealImage.make(temp);
        Path back = unpacked(build("oci:" + temp + "/img:v1", "out"));
        assertThat(Shell.describe(back)).isEqualTo(RealImage.reference(temp));
        PackedImage image = PackedImage.read(temp.resolve("coracle/images/demo/image.json"));
        assertThat(image.config().entrypoint()).containsExactly("/bin/sh", "-c");
    }

    @Test
    void aMissingSourceIsNamedAndLeavesNothing() throws Exception {
        for (String source : List.of("tar:nowhere", "tree:nowhere", "oci:nowhere", "docker-archive:nowhere")) {
            assertThatThrownBy(() -> build(source, "out"))
                    .as(source)
                    .isInstanceOfSatisfying(
                            LayerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND))
                    .hasMessageContaining("nowhere");
        }
        assertThat(temp.resolve("out")).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../x", "A", "-x", "a/b", ".x"})
    void aNameThatNoLayerCanHoldIsRefused(String name) {
        ImageSource source = new ImageSource.TreeDirectory(temp);
        assertThatThrownBy(() -> new LayerRequest(source, name, Architecture.X86_64, temp, PATH))
                .isInstanceOfSatisfying(
                        LayerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID_REQUEST));
    }

    @Test
    void theToolsLayerCarriesAnExecutableProgram() throws Exception {
        Shell.needs("unzip");
        BuiltLayer built = ToolsLayer.build(Path.of("/bin/true"), temp.resolve("out"), Progress.SILENT);
        Shell.run(temp, "unzip -q out/coracle-tools-layer.zip && coracle/bin/coracle-engine");
        Digest first = Digest.sha256(built.zip());
        ToolsLayer.build(Path.of("/bin/true"), temp.resolve("out"), Progress.SILENT);
        assertThat(Digest.sha256(built.zip())).isEqualTo(first);
    }

    private Path build(String source, String out) {
        LayerRequest request =
                new LayerRequest(ImageSource.parse(source), "demo", Architecture.X86_64, temp.resolve(out), PATH);
        return ImageLayers.build(request, Progress.SILENT).zip();
    }

    private Path unpacked(Path zip) throws Exception {
        Shell.needs("unzip");
        Shell.run(temp, "unzip -q " + zip);
        Path back = Files.createDirectory(temp.resolve("back"));
        Path archive = temp.resolve("coracle/images/demo/tree.tar.zst");
        TreeArchive.unpack(archive, Digest.sha256(archive), back);
        return back;
    }
}
