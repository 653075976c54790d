package dev.coracle.layers.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coracle.layers.Digest;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.Progress;
import dev.coracle.layers.Shell;
import dev.coracle.layers.image.RealImage;
import dev.coracle.layers.reference.LocalName;
import dev.coracle.layers.reference.Platform;
import dev.coracle.layers.store.Container;
import dev.coracle.layers.store.ContainerStore;
import dev.coracle.layers.store.ImageStore;
import dev.coracle.layers.store.RepositoryPlaces;
import dev.coracle.layers.store.StoredImage;
import dev.coracle.layers.transfer.ImageLoad.Naming;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives as other programs write them become images whose trees are those that umoci unpacks. */
class ImageLoadTest {
    /** Each form of archive, made of the same image. */
    private static final String FORMS = """
            skopeo copy -q oci:img:v1 docker-archive:skopeo.tar:team/app:v1
            skopeo copy -q oci:img:v1 oci-archive:oci.tar:v1
            tar -C img -cf - . | gzip > oci.tar.gz; tar -C img -cf - . | zstd -q > oci.tar.zst
            tar -C img -cJf oci.tar.xz .; tar -C img -cf - . | python3 -c 'import bz2,sys; sys.stdout.buffer.write(bz2.compress(sys.stdin.buffer.read()))' > oci.tar.bz2
            mkdir x; tar -C x -xf skopeo.tar; config=$(jq -r '.[0].Config' x/manifest.json)
            # podman: a directory for each layer, with a link to the file
            cp -r x podman; n=0; jq -c '.[0].Layers[]' x/manifest.json | tr -d '"' > names
            while read layer; do n=$((n+1)); mkdir podman/$n; ln -s ../$layer podman/$n/layer.tar; done < names
            jq -c --argjson n $n '[.[0] | .Layers=[range(1;$n+1)|tostring+"/layer.tar"]]' x/manifest.json > podman/manifest.json
            tar -C podman -cf podman.tar .
            # kaniko: compressed layers, the configuration named by its digest without an ending
            mkdir kaniko; : > knames; while read layer; do gzip -nc x/$layer > l.gz; h=$(sha256sum < l.gz | cut -d' ' -f1); mv l.gz kaniko/$h.tar.gz; echo $h.tar.gz >> knames; done < names
            cp x/$config "kaniko/sha256:${config%.json}"
            jq -cR . knames | jq -cs --arg c "sha256:${config%.json}" '[{Config:$c,RepoTags:["team/app:v1"],Layers:.}]' > kaniko/manifest.json
            tar -C kaniko -cf kaniko.tar $(ls kaniko)
            # Guix: one name for the configuration of every image, documents after the layers
            mkdir guix; cp x/$config guix/config.json; n=0
            while read layer; do n=$((n+1)); mkdir guix/$n; cp x/$layer guix/$n/layer.tar; echo 1.0 > guix/$n/VERSION; done < names
            jq -c '[.[0] | .Config="config.json" | .Layers=[range(1;(.Layers|length)+1)|tostring+"/layer.tar"]]' x/manifest.json > guix/manifest.json
            tar -C guix -cf guix.tar $(ls -r guix)
            # the first form, without any digest
            mkdir first; parent=; n=0
            while read layer; do n=$((n+1)); id=$(printf '%064x' $n); mkdir first/$id; cp x/$layer first/$id/layer.tar
              jq -c --arg id $id --arg p "$parent" '{id:$id,architecture:.architecture,os:.os,config:.config} + (if $p=="" then {} else {parent:$p} end)' x/$config > first/$id/json
              parent=$id; done < names
            echo '{"team/app":{"v1":"'$id'"}}' > first/repositories; tar -C first -cf first.tar .
            # docker 25: a layout in which the whole name is an annotation, and a manifest.json beside it
            cp -r img docker25
            jq -c '.manifests[0].annotations={"io.containerd.image.name":"docker.io/team/app:v1","org.opencontainers.image.ref.name":"v1"}' img/index.json > docker25/index.json
            m=img/blobs/sha256/$(jq -r .manifests[0].digest img/index.json | cut -d: -f2)
            jq -c '[{Config:("blobs/sha256/"+.config.digest[7:]),RepoTags:["team/app:v1"],Layers:[.layers[]|"blobs/sha256/"+.digest[7:]]}]' $m > docker25/manifest.json
            tar -C docker25 -cf docker25.tar .
            """;

    private static final Platform HERE = Platform.parse("linux/amd64", "");
    private static final Naming PLAIN = new Naming(Optional.empty(), "loaded");

    @TempDir
    static Path shared;

    @TempDir
    Path temp;

    private RepositoryPlaces places = RepositoryPlaces.under(Path.of("/nowhere"));
    private ImageStore images = new ImageStore(places);

    @BeforeAll
    static void makeArchives() throws Exception {
        Shell.needs("skopeo");
        Shell.needs("jq");
        RealImage.make(shared);
        Shell.run(shared, FORMS);
    }

    @BeforeEach
    void makeRepository() {
        places = RepositoryPlaces.under(temp.resolve("repo"));
        places.create();
        images = new ImageStore(places);
    }

    private List<StoredImage> load(String archive, Naming naming) throws IOException {
        try (InputStream in = Files.newInputStream(shared.resolve(archive))) {
            return new ImageLoad(images, HERE).load(in, archive, naming);
        }
    }

    private Container create(StoredImage image) {
        return new ContainerStore(places, images).create(image, List.of(), Progress.SILENT);
    }

    @ParameterizedTest
    @CsvSource({
        "skopeo.tar, docker.io/team/app:v1",
        "oci.tar, loaded:v1",
        "oci.tar.gz, loaded:v1",
        "oci.tar.zst, loaded:v1",
        "oci.tar.xz, loaded:v1",
        "oci.tar.bz2, loaded:v1",
        "podman.tar, docker.io/team/app:v1",
        "kaniko.tar, team/app:v1",
        "guix.tar, docker.io/team/app:v1",
        "first.tar, team/app:v1",
        "docker25.tar, docker.io/team/app:v1"
    })
    void everyFormGivesTheSameTree(String archive, String name) throws Exception {
        StoredImage image = load(archive, PLAIN).getFirst();
        assertThat(image.name()).hasToString(name);
        assertThat(images.find(LocalName.parse(name))).contains(image);
        assertThat(tree(create(image))).isEqualTo(RealImage.reference(shared));
        assertNothingElseIsLeft();
    }

    private static String tree(Container container) throws Exception {
        return Shell.describe(container.root());
    }

    /** In the folder of blobs are the image's own, and files of locks. */
    private void assertNothingElseIsLeft() throws IOException {
        assertThat(blobs()).containsExactlyInAnyOrderElementsOf(linked());
        try (Stream<Path> repos = Files.list(places.repos())) {
            assertThat(repos.filter(each -> each.getFileName().toString().startsWith(".removed")))
                    .isEmpty();
        }
    }

    private List<String> blobs() throws IOException {
        try (Stream<Path> files = Files.list(places.layers())) {
            return files.map(each -> each.getFileName().toString())
                    .filter(name -> !name.startsWith(".lock"))
                    .toList();
        }
    }

    private List<String> linked() throws IOException {
        try (Stream<Path> files = Files.walk(places.repos())) {
            return files.filter(Files::isSymbolicLink)
                    .map(each -> each.getFileName().toString())
                    .distinct()
                    .toList();
        }
    }

    @Test
    void aLayoutInADirectoryIsLoadedToo() throws Exception {
        StoredImage image =
                new ImageLoad(images, HERE).load(shared.resolve("img"), PLAIN).getFirst();
        assertThat(tree(create(image))).isEqualTo(RealImage.reference(shared));
    }

    @Test
    void theManifestOfALayoutStaysAsItIs() throws Exception {
        StoredImage image = load("oci.tar", PLAIN).getFirst();
        String digest =
                Shell.run(shared, "jq -r .manifests[0].digest img/index.json").strip();
        assertThat(Digest.sha256(image.directory().resolve("manifest"))).hasToString(digest);
    }

    @Test
    void aNameGivenTakesThePlaceOfTheRepository() throws Exception {
        assertThat(load("skopeo.tar", new Naming(Optional.of("mine"), "x"))
                        .getFirst()
                        .name())
                .hasToString("mine:v1");
        assertThat(load("oci.tar", new Naming(Optional.of("other"), "x"))
                        .getFirst()
                        .name())
                .hasToString("other:v1");
    }

    @Test
    void aNameThatIsTakenIsRefusedAndTheImageStays() throws Exception {
        load("skopeo.tar", PLAIN);
        List<String> before = blobs();
        assertThatThrownBy(() -> load("kaniko.tar", PLAIN))
                .isInstanceOfSatisfying(
                        LayerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID_REQUEST))
                .hasMessageContaining("there is an image team/app:v1");
        assertThat(blobs()).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void ofNestedIndexesThePlatformIsLoadedAndNothingElse() throws Exception {
        Shell.run(
                temp,
                "cp -r " + shared + "/img img; " + RealImage.NEST
                        + " jq -c '.manifests |= .[-1:]' img/index.json > only; cp only img/index.json");
        StoredImage image =
                new ImageLoad(images, HERE).load(temp.resolve("img"), PLAIN).getFirst();
        assertThat(image.name()).hasToString("loaded:multi");
        assertThat(tree(create(image))).isEqualTo(RealImage.reference(shared));
        assertNothingElseIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"skopeo.tar", "oci.tar", "oci.tar.gz", "oci.tar.zst", "first.tar"})
    void anArchiveThatIsCutIsRefusedAndNothingStays(String archive) throws Exception {
        byte[] whole = Files.readAllBytes(shared.resolve(archive));
        for (int tenth = 0; tenth < 10; tenth += 3) {
            byte[] cut = Arrays.copyOf(whole, whole.length * tenth / 10);
            assertThatThrownBy(() -> new ImageLoad(images, HERE).load(new ByteArrayInputStream(cut), archive, PLAIN))
                    .isInstanceOf(LayerException.class);
        }
        assertThat(images.list()).isEmpty();
        assertNothingElseIsLeft();
    }

    @Test
    void aLayerThatWasChangedIsRefused() throws Exception {
        Shell.run(
                temp,
                "cp " + shared + "/skopeo.tar a.tar; printf X | dd of=a.tar bs=1 seek=2000 conv=notrunc status=none");
        try (InputStream in = Files.newInputStream(temp.resolve("a.tar"))) {
            assertThatThrownBy(() -> new ImageLoad(images, HERE).load(in, "a.tar", PLAIN))
                    .isInstanceOf(LayerException.class);
        }
        assertThat(images.list()).isEmpty();
        assertNothingElseIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../evil:v1", "/abs:v1", "a/../../b:v1", "a:..", "a b"})
    void namesThatLeadOutAreRefused(String name) throws Exception {
        Shell.run(
                temp,
                "cp -r " + shared + "/img img; jq -c --arg n '" + name
                        + "' '.manifests[0].annotations={\"io.containerd.image.name\":$n}' " + shared
                        + "/img/index.json > img/index.json");
        assertThatThrownBy(() -> new ImageLoad(images, HERE).load(temp.resolve("img"), PLAIN))
                .isInstanceOf(LayerException.class);
        assertThat(images.list()).isEmpty();
        assertNothingElseIsLeft();
    }

    @Test
    void whatIsNoArchiveIsSaid() throws Exception {
        for (String text : List.of("", "hello", "x".repeat(5000))) {
            assertThatThrownBy(() -> new ImageLoad(images, HERE)
                            .load(
                                    new ByteArrayInputStream(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                                    "stdin",
                                    PLAIN))
                    .isInstanceOf(LayerException.class)
                    .hasMessageContaining("load stdin");
        }
    }
}
