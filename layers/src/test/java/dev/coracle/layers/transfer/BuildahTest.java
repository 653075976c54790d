package dev.coracle.layers.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coracle.layers.Progress;
import dev.coracle.layers.Shell;
import dev.coracle.layers.reference.LocalName;
import dev.coracle.layers.reference.Platform;
import dev.coracle.layers.registry.RealRegistry;
import dev.coracle.layers.registry.RegistryClient;
import dev.coracle.layers.registry.TransferProgress;
import dev.coracle.layers.registry.credential.CredentialSource;
import dev.coracle.layers.registry.http.HttpSettings;
import dev.coracle.layers.store.Container;
import dev.coracle.layers.store.ContainerStore;
import dev.coracle.layers.store.ImageStore;
import dev.coracle.layers.store.RepositoryPlaces;
import dev.coracle.layers.store.StoredImage;
import dev.coracle.layers.transfer.ImageLoad.Naming;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images that buildah built, in the forms in which it hands them out, against the tree that umoci makes of them. */
class BuildahTest {
    private static final Platform HERE = Platform.parse("linux/amd64", "");

    /** Keeps all that buildah has below the directory of the test. */
    private static final String BUILDAH =
            "b() { buildah --root $PWD/root --runroot $PWD/run --storage-driver vfs \"$@\"; }; ";

    @TempDir
    static Path shared;

    @TempDir
    Path temp;

    private RepositoryPlaces places = RepositoryPlaces.under(Path.of("/nowhere"));
    private ImageStore images = new ImageStore(places);

    @BeforeAll
    static void build() throws Exception {
        Shell.needs("buildah");
        Shell.needs("umoci");
        Shell.needsRoot();
        Shell.run(shared, BUILDAH + """
                mkdir -p c/bin c/d/sub c/gone; echo program > c/bin/tool; chmod 4755 c/bin/tool; ln -s tool c/bin/link
                echo old > c/d/old; echo s > c/d/sub/s; echo x > c/gone/x; echo new > c/new
                printf 'FROM scratch\\nCOPY bin /bin\\nCOPY d /d\\nCOPY gone /gone\\nENV A=1\\nCMD ["/bin/tool"]\\n' > c/Dockerfile
                b bud -q --layers --isolation chroot -t localhost/base:v1 c
                w=$(b from localhost/base:v1); m=$(b mount $w)
                rm -r $m/gone $m/d/old; rm -r $m/d/sub; mkdir $m/d/sub; echo again > $m/d/sub/t
                ln $m/bin/tool $m/bin/twin; mkdir -m 1777 $m/tmp; chown 7:8 $m/d/sub/t; touch -d '2003-04-05' $m/d/sub/t
                rm $m/bin/link; mkdir $m/bin/link; cp c/new $m/bin/link/
                b umount $w; b commit -q $w localhost/built:v1
                b push -q localhost/built:v1 oci:img:v1
                b push -q localhost/built:v1 oci-archive:oci.tar:team/built:v1
                b push -q localhost/built:v1 docker-archive:docker.tar:team/built:v1
                umoci unpack --image img:v1 bundle
                """);
    }

    @BeforeEach
    void makeRepository() {
        places = RepositoryPlaces.under(temp.resolve("repo"));
        places.create();
        images = new ImageStore(places);
    }

    private void assertIsTheBuiltOne(StoredImage image) throws Exception {
        Container container = new ContainerStore(places, images).create(image, List.of(), Progress.SILENT);
        assertThat(Shell.describe(container.root())).isEqualTo(Shell.describe(shared.resolve("bundle/rootfs")));
        assertThat(images.content(image).config()).contains("\"A=1\"").contains("/bin/tool");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oci.tar", "docker.tar"})
    void itsArchivesAreLoaded(String archive) throws Exception {
        try (var in = Files.newInputStream(shared.resolve(archive))) {
            List<StoredImage> loaded = new ImageLoad(images, HERE).load(in, archive, new Naming(Optional.empty(), "x"));
            // Buildah writes down every name that an image has.
            assertThat(loaded)
                    .isNotEmpty()
                    .allSatisfy(image -> assertThat(image.name().toString()).endsWith("built:v1"));
            assertIsTheBuiltOne(loaded.getFirst());
        }
    }

    @Test
    void itsLayoutIsLoaded() throws Exception {
        List<StoredImage> loaded =
                new ImageLoad(images, HERE).load(shared.resolve("img"), new Naming(Optional.of("mine"), "x"));
        assertThat(loaded).hasSize(1);
        assertIsTheBuiltOne(loaded.getFirst());
    }

    @ParameterizedTest
    @ValueSource(strings = {"oci", "v2s2"})
    void whatItPushesIsPulled(String format) throws Exception {
        try (RealRegistry registry = RealRegistry.start(temp);
                RegistryClient client = new RegistryClient(HttpSettings.DEFAULT, CredentialSource.NONE)) {
            String name = registry.name() + "/team/built:v1";
            Shell.run(
                    shared,
                    BUILDAH + "b push -q --tls-verify=false --format=" + format + " localhost/built:v1 docker://"
                            + name);
            assertIsTheBuiltOne(
                    new RemoteImages(client, images).pull(LocalName.parse(name), HERE, TransferProgress.SILENT));
        }
    }
}
