package dev.coracle.layers.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coracle.layers.Digest;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.Shell;
import dev.coracle.layers.reference.LocalName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageStoreTest {
    @TempDir
    Path temp;

    private RepositoryPlaces places = RepositoryPlaces.under(Path.of("/nowhere"));
    private ImageStore images = new ImageStore(places);

    @BeforeEach
    void makeRepository() {
        places = RepositoryPlaces.under(temp);
        places.create();
        images = new ImageStore(places);
    }

    private List<String> blobs() throws IOException {
        try (Stream<Path> files = Files.list(places.layers())) {
            return files.map(each -> each.getFileName().toString())
                    .filter(name -> !name.startsWith(".lock"))
                    .toList();
        }
    }

    private List<String> names() {
        return images.list().stream().map(image -> image.name().toString()).toList();
    }

    @Test
    void anImageLiesAsUdockerLaysIt() throws Exception {
        SmallImage small = SmallImage.of("a");
        StoredImage image = small.publish(images, "host:5000/team/app:v1");
        Path directory = temp.resolve("repos/host/5000/team/app:v1");
        assertThat(image.directory()).isEqualTo(directory);
        assertThat(directory.resolve("v2")).isEmptyFile();
        assertThat(directory.resolve("manifest"))
                .hasBinaryContent(small.manifest().bytes());
        assertThat(directory.resolve("TAG")).hasContent(temp + "/repos/host:5000/team/app:v1");
        Path link = directory.resolve(Digest.sha256(small.config()).toString());
        assertThat(link).isSymbolicLink().hasBinaryContent(small.config());
        assertThat(Files.readSymbolicLink(link)).isRelative();
        assertThat(names()).containsExactly("host:5000/team/app:v1");
    }

    @Test
    void anImageIsFoundUnderAllNamesThatMeanIt() {
        StoredImage image = SmallImage.of("a").publish(images, "ubuntu");
        for (String name : List.of("ubuntu:latest", "library/ubuntu", "docker.io/ubuntu", "docker.io/library/ubuntu")) {
            assertThat(images.find(LocalName.parse(name))).contains(image);
        }
        assertThat(images.find(LocalName.parse("ubuntu:other"))).isEmpty();
        assertThatThrownBy(() -> images.required(LocalName.parse("other"))).hasMessageContaining("pull it first");
    }

    @Test
    void anImageThatReplacesAnotherTakesItsNameAndLeavesNothingBehind() throws Exception {
        SmallImage.of("a", "b").publish(images, "app");
        SmallImage next = SmallImage.of("b", "c");
        StoredImage image = next.publish(images, "app");
        assertThat(images.content(image).layers())
                .extracting(layer -> layer.digest().orElseThrow())
                .containsExactlyElementsOf(
                        next.layers().stream().map(Digest::sha256).toList());
        assertThat(blobs()).hasSize(3);
    }

    @Test
    void blobsThatAnotherImageHasStay() throws Exception {
        StoredImage one = SmallImage.of("a", "b").publish(images, "one");
        StoredImage two = SmallImage.of("b", "c").publish(images, "two");
        images.remove(one);
        assertThat(names()).containsExactly("two:latest");
        assertThat(blobs()).hasSize(3);
        assertThat(images.content(two).layers())
                .allSatisfy(layer -> assertThat(layer.file()).exists());
        images.remove(two);
        assertThat(blobs()).isEmpty();
        assertThat(places.repos().resolve("two")).doesNotExist();
    }

    @Test
    void blobsThatAreInUseGoWhenTheyNoLongerAre() throws Exception {
        StoredImage image = SmallImage.of("a").publish(images, "app");
        List<String> during = images.use(() -> {
            images.remove(image);
            assertThat(names()).isEmpty();
            return blobs();
        });
        assertThat(during).hasSize(2);
        assertThat(blobs()).isEmpty();
    }

    @Test
    void blobsOfNobodyKnownStay() throws Exception {
        Files.writeString(places.layers().resolve("0123.layer"), "another repository's");
        images.remove(SmallImage.of("a").publish(images, "app"));
        assertThat(blobs()).containsExactly("0123.layer");
    }

    @Test
    void blobsOfABrokenPullWaitForAWeek() throws Exception {
        SmallImage kept = SmallImage.of("a", "b");
        SmallImage broken = SmallImage.of("b", "c");
        kept.publish(images, "kept");
        images.use(() -> images.pulling(broken.manifest()));
        Digest c = Digest.sha256(broken.layers().getLast());
        Files.write(places.layers().resolve(c.toString()), broken.layers().getLast());
        Files.writeString(places.layers().resolve(".partial-" + Digest.sha256(broken.config())), "half of it");
        ImageStore soon = new ImageStore(places, () -> Instant.now().plus(Duration.ofDays(6)));
        soon.use(() -> "");
        assertThat(blobs()).hasSize(5);
        soon.remove(soon.required(LocalName.parse("kept")));
        assertThat(blobs()).as("b, c and half a configuration").hasSize(3);
        ImageStore later = new ImageStore(places, () -> Instant.now().plus(Duration.ofDays(8)));
        later.use(() -> "");
        assertThat(blobs()).isEmpty();
        assertThat(places.repos()).isDirectoryNotContaining("glob:**/.pulling-*");
    }

    @Test
    void aProtectedImageStays() {
        StoredImage image = SmallImage.of("a").publish(images, "app");
        images.protect(image, true);
        assertThatThrownBy(() -> images.remove(image))
                .isInstanceOfSatisfying(
                        LayerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BUSY));
        assertThat(images.list()).extracting(StoredImage::kept).containsExactly(true);
        images.protect(image, false);
        images.remove(image);
        assertThat(images.list()).isEmpty();
        assertThatThrownBy(() -> images.remove(image))
                .isInstanceOfSatisfying(
                        LayerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
    }

    @Test
    void aTagSharesWhatItNames() throws Exception {
        StoredImage image = SmallImage.of("a").publish(images, "app");
        StoredImage other = images.tag(image, LocalName.parse("other:v2"));
        assertThat(images.content(other)).isEqualTo(images.content(image));
        assertThatThrownBy(() -> images.tag(image, LocalName.parse("other:v2"))).hasMessageContaining("taken");
        images.remove(image);
        assertThat(images.content(other).layers())
                .allSatisfy(layer -> assertThat(layer.file()).exists());
    }

    @Test
    void anImageWithoutItsBlobsIsNotPublished() {
        SmallImage small = SmallImage.of("a");
        assertThatThrownBy(() -> images.use(() -> images.publish(LocalName.parse("app"), small.manifest())))
                .hasMessageContaining("is not here");
        assertThat(images.list()).isEmpty();
    }

    @Test
    void whatUdockerLoadedIsRead() throws Exception {
        Shell.run(temp, """
                mkdir -p repos/old/v1; cd repos/old/v1; printf %s "$PWD:v1" > TAG; touch v1
                echo '["bb","aa"]' > ancestry; echo '{"config":{"Cmd":["x"]}}' > ../../../layers/cc.json
                ln -s ../../../layers/cc.json container.json
                for l in aa bb; do echo $l > ../../../layers/$l.layer; ln -s ../../../layers/$l.layer .; done
                """);
        StoredImage image = images.required(LocalName.parse("old:v1"));
        ImageContent content = images.content(image);
        assertThat(content.layers())
                .extracting(layer -> layer.file().getFileName().toString())
                .containsExactly("aa.layer", "bb.layer");
        assertThat(content.config()).contains("Cmd");
        images.remove(image);
        assertThat(blobs()).isEmpty();
    }

    @Test
    void imagesThatShareADirectoryDoNotTouchEachOther() throws Exception {
        StoredImage inner = SmallImage.of("a").publish(images, "x/y:latest");
        StoredImage outer = SmallImage.of("b").publish(images, "x:y");
        assertThat(names()).containsExactly("x/y:latest", "x:y");
        images.remove(outer);
        assertThat(names()).containsExactly("x/y:latest");
        assertThat(images.content(inner).layers())
                .allSatisfy(layer -> assertThat(layer.file()).exists());
        SmallImage.of("c").publish(images, "x:y");
        images.remove(inner);
        assertThat(names()).containsExactly("x:y");
        images.remove(images.required(LocalName.parse("x:y")));
        assertThat(blobs()).isEmpty();
        assertThat(places.repos().resolve("x")).doesNotExist();
    }

    @Test
    void blobsOutsideOfTheRepositoryAreNotRead() throws Exception {
        Shell.run(
                temp,
                "mkdir -p repos/old/v1; cd repos/old/v1; touch TAG v1; echo '[\"../../../etc/passwd\"]' > ancestry");
        assertThatThrownBy(() -> images.content(images.required(LocalName.parse("old:v1"))))
                .hasMessageContaining("outside of the repository");
    }

    @Test
    void partsMayLieElsewhere() {
        RepositoryPlaces elsewhere = RepositoryPlaces.of(
                temp,
                java.util.Map.of("UDOCKER_LAYERS", temp.resolve("shared/layers").toString()));
        elsewhere.create();
        assertThat(elsewhere.exist()).isTrue();
        ImageStore store = new ImageStore(elsewhere);
        StoredImage image = SmallImage.of("a").publish(store, "app");
        assertThat(store.content(image).layers().getFirst().file()).exists().hasParentRaw(elsewhere.layers());
        assertThat(image.directory()
                        .resolve(store.content(image)
                                .configDigest()
                                .orElseThrow()
                                .toString()))
                .exists();
    }
}
