package dev.coracle.layers.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coracle.layers.LayerException;
import dev.coracle.layers.Progress;
import dev.coracle.layers.Shell;
import dev.coracle.layers.TreeArchive;
import dev.coracle.layers.image.RealImage;
import dev.coracle.layers.reference.LocalName;
import dev.coracle.layers.reference.Platform;
import dev.coracle.layers.store.Container;
import dev.coracle.layers.store.ContainerStore;
import dev.coracle.layers.store.ImageStore;
import dev.coracle.layers.store.RepositoryPlaces;
import dev.coracle.layers.store.SmallImage;
import dev.coracle.layers.store.StoredImage;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeImportTest {
    private static final Platform HERE = Platform.parse("linux/amd64", "");
    private static final LocalName NAME = LocalName.parse("mine:v1");

    @TempDir
    Path temp;

    private RepositoryPlaces places = RepositoryPlaces.under(Path.of("/nowhere"));
    private ImageStore images = new ImageStore(places);
    private ContainerStore containers = new ContainerStore(places, images);

    @BeforeEach
    void makeRepository() {
        places = RepositoryPlaces.under(temp.resolve("repo"));
        places.create();
        images = new ImageStore(places);
        containers = new ContainerStore(places, images);
    }

    private InputStream file(String name) throws Exception {
        return Files.newInputStream(temp.resolve(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cat", "gzip", "zstd -q", "xz"})
    void aTreeThatTarPackedBecomesAnImageAndAContainer(String compressor) throws Exception {
        RealImage.make(temp);
        Shell.run(temp, "tar --xattrs -C bundle/rootfs -c . | " + compressor + " > tree.tar");
        try (InputStream in = file("tree.tar")) {
            StoredImage image = new TreeImport(images, HERE).image(in, NAME);
            Container made = containers.create(image, List.of("c"), Progress.SILENT);
            assertThat(Shell.describe(made.root())).isEqualTo(RealImage.reference(temp));
            assertThat(new ImageCheck(images).problems(image)).isEmpty();
        }
        try (InputStream in = file("tree.tar")) {
            Container made = new TreeImport(images, HERE)
                    .container(in, containers, "IMPORTED:unknown", List.of("d"), Progress.SILENT);
            assertThat(Shell.describe(made.root())).isEqualTo(RealImage.reference(temp));
            assertThat(made.image()).isEqualTo("IMPORTED:unknown");
        }
    }

    @Test
    void aTreeThatWasExportedIsTheSameForTarAndForUs() throws Exception {
        RealImage.make(temp);
        Shell.run(temp, "chown 12:34 bundle/rootfs/d/big");
        try (OutputStream out = Files.newOutputStream(temp.resolve("out.tar"))) {
            TreeArchive.export(temp.resolve("bundle/rootfs"), out, Progress.SILENT);
        }
        Shell.run(temp, "mkdir tar; tar --xattrs --same-owner -C tar -xpf out.tar");
        assertThat(Shell.describe(temp.resolve("tar"))).isEqualTo(RealImage.reference(temp));
        assertThat(Shell.run(temp, "stat -c %u:%g tar/d/big").strip()).isEqualTo("12:34");
        try (InputStream in = file("out.tar")) {
            Container made = new TreeImport(images, HERE).container(in, containers, "x:y", List.of(), Progress.SILENT);
            assertThat(Shell.describe(made.root())).isEqualTo(RealImage.reference(temp));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "garbage"})
    void whatIsNoArchiveIsRefusedAndNothingStays(String content) throws Exception {
        byte[] bytes = content.repeat(500).getBytes(StandardCharsets.UTF_8);
        TreeImport imports = new TreeImport(images, HERE);
        assertThatThrownBy(() -> imports.image(new ByteArrayInputStream(bytes), NAME))
                .isInstanceOf(LayerException.class);
        assertThatThrownBy(() -> imports.container(
                        new ByteArrayInputStream(bytes), containers, "x", List.of("c"), Progress.SILENT))
                .isInstanceOf(LayerException.class);
        assertThat(images.list()).isEmpty();
        assertThat(containers.list()).isEmpty();
        for (Path each : List.of(places.layers(), places.containers())) {
            try (Stream<Path> left = Files.list(each)) {
                assertThat(left).allMatch(file -> file.getFileName().toString().startsWith(".lock"));
            }
        }
    }

    @Test
    void aNameThatIsTakenIsRefused() {
        SmallImage.of("a").publish(images, NAME.toString());
        assertThatThrownBy(() -> new TreeImport(images, HERE).image(new ByteArrayInputStream(new byte[0]), NAME))
                .hasMessageContaining("there is an image of that name");
    }

    @Test
    void everythingThatIsWrongWithAnImageIsSaid() throws Exception {
        StoredImage image = SmallImage.of("a", "b", "c").publish(images, "app");
        ImageCheck check = new ImageCheck(images);
        assertThat(check.problems(image)).isEmpty();
        List<Path> layers = images.content(image).layers().stream()
                .map(layer -> layer.file())
                .toList();
        Files.delete(layers.get(0));
        Files.writeString(layers.get(2), "other");
        assertThat(check.problems(image)).hasSize(2);
        assertThat(check.problems(image).get(0)).contains("is missing").contains("again");
        assertThat(check.problems(image).get(1)).contains("was changed").contains("again");
        Files.writeString(
                places.layers()
                        .resolve(images.content(image)
                                .configDigest()
                                .orElseThrow()
                                .toString()),
                "{}");
        assertThat(check.problems(image)).singleElement().asString().contains("the configuration");
    }
}
