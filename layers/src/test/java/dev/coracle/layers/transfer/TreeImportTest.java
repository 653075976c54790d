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
import dev.coracle.layers.tar.RawTar;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeImportTest {
    private static final Platform HERE = Platform.parse("linux/amd64", "");
    private static final LocalName NAME = LocalName.parse("mine:v1");

    /** The library has its own words for one of the four. */
    private static final String TOO_LARGE = "an extended header of 1073741824 bytes";

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

    @Test
    void aContainerThatWasClonedIsTheSame() throws Exception {
        RealImage.make(temp);
        StoredImage image = new ImageLoad(images, HERE)
                .load(temp.resolve("img"), new ImageLoad.Naming(Optional.of("app"), "x"))
                .getFirst();
        Container original = containers.create(image, List.of("one"), Progress.SILENT);
        try (OutputStream out = Files.newOutputStream(temp.resolve("clone.tar"))) {
            ContainerClone.write(original, out, Progress.SILENT);
        }
        try (InputStream in = file("clone.tar")) {
            Container clone = ContainerClone.read(in, containers, List.of("two"), Progress.SILENT);
            assertThat(clone.id()).isNotEqualTo(original.id());
            assertThat(clone.image()).isEqualTo("app:v1");
            assertThat(Shell.describe(clone.root())).isEqualTo(RealImage.reference(temp));
            assertThat(clone.directory().resolve("container.json"))
                    .hasSameBinaryContentAs(original.directory().resolve("container.json"));
            assertThat(clone.directory().resolve(".clone")).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"touch x", "ln -s / ROOT", "mkdir ROOT; ln -s /etc/passwd container.json", "mkfifo .making"})
    void whatIsNoCloneIsRefusedAndNothingStays(String script) throws Exception {
        Shell.run(temp, "mkdir c; cd c; " + script + "; tar -cf ../clone.tar .");
        try (InputStream in = file("clone.tar")) {
            assertThatThrownBy(() -> ContainerClone.read(in, containers, List.of(), Progress.SILENT))
                    .isInstanceOf(LayerException.class)
                    .hasMessageContaining("import a clone");
        }
        assertThat(containers.list()).isEmpty();
        try (Stream<Path> left = Files.list(places.containers())) {
            assertThat(left).allMatch(entry -> entry.getFileName().toString().startsWith(".lock"));
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

    /** A name of a gigabyte, of which a compressed archive holds next to nothing. */
    @ParameterizedTest
    @ValueSource(bytes = {'L', 'K', 'x', 'g'})
    void headersThatDoNotFitIntoMemoryAreRefused(byte type) throws Exception {
        byte[] begin =
                new RawTar().header((char) type, "x", 1 << 30, block -> {}).bytes();
        TreeImport imports = new TreeImport(images, HERE);
        assertThatThrownBy(() -> imports.image(new ByteArrayInputStream(begin), NAME))
                .hasMessageContaining(TOO_LARGE);
        assertThatThrownBy(() -> new ImageLoad(images, HERE)
                        .load(new ByteArrayInputStream(begin), "it", new ImageLoad.Naming(Optional.empty(), "x")))
                .hasMessageContaining(TOO_LARGE);
        assertThatThrownBy(() ->
                        imports.container(new ByteArrayInputStream(begin), containers, "x", List.of(), Progress.SILENT))
                .hasMessageContaining(TOO_LARGE);
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
