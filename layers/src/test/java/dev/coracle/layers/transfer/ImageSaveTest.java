package dev.coracle.layers.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coracle.layers.Digest;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.Shell;
import dev.coracle.layers.image.RealImage;
import dev.coracle.layers.reference.LocalName;
import dev.coracle.layers.reference.Platform;
import dev.coracle.layers.store.ImageStore;
import dev.coracle.layers.store.RepositoryPlaces;
import dev.coracle.layers.store.SmallImage;
import dev.coracle.layers.store.StoredImage;
import dev.coracle.layers.transfer.ImageLoad.Naming;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is saved is read by others, and by us, as the same images. */
class ImageSaveTest {
    private static final Platform HERE = Platform.parse("linux/amd64", "");

    @TempDir
    Path temp;

    private ImageStore images = new ImageStore(RepositoryPlaces.under(Path.of("/nowhere")));

    private static ImageStore repository(Path top) {
        RepositoryPlaces places = RepositoryPlaces.under(top);
        places.create();
        return new ImageStore(places);
    }

    @BeforeEach
    void makeRepository() {
        images = repository(temp.resolve("repo"));
    }

    private StoredImage real() throws Exception {
        RealImage.make(temp);
        return new ImageLoad(images, HERE)
                .load(temp.resolve("img"), new Naming(Optional.of("team/app"), "x"))
                .getFirst();
    }

    @Test
    void skopeoReadsADockerArchiveAndFindsTheSameImage() throws Exception {
        Shell.needs("skopeo");
        Shell.needs("jq");
        StoredImage image = real();
        try (OutputStream out = Files.newOutputStream(temp.resolve("out.tar"))) {
            new ImageSave(images).docker(List.of(image), out);
        }
        Shell.run(temp, """
                skopeo copy -q docker-archive:out.tar:team/app:v1 oci:back:v1
                umoci unpack --image back:v1 again
                id() { jq -r .config.digest $1/blobs/sha256/$(jq -r .manifests[0].digest $1/index.json | cut -d: -f2); }
                id img > id1; id back > id2; jq -S . img/blobs/sha256/$(cut -d: -f2 < id1) > c1; jq -S . back/blobs/sha256/$(cut -d: -f2 < id2) > c2
                """);
        assertThat(Shell.describe(temp.resolve("again/rootfs"))).isEqualTo(RealImage.reference(temp));
        String config = Shell.run(temp, "tar -xOf out.tar manifest.json | jq -r .[0].Config")
                .strip();
        assertThat("sha256:" + config.replace(".json", ""))
                .as("the image's id")
                .isEqualTo(Shell.run(temp, "cat id1").strip());
    }

    @Test
    void umociReadsAnOciArchiveAndFindsTheSameManifest() throws Exception {
        StoredImage image = real();
        try (OutputStream out = Files.newOutputStream(temp.resolve("out.tar"))) {
            new ImageSave(images).oci(List.of(image), out);
        }
        Shell.run(temp, "mkdir back; tar -C back -xf out.tar; umoci unpack --image back:v1 again");
        assertThat(Shell.describe(temp.resolve("again/rootfs"))).isEqualTo(RealImage.reference(temp));
        String manifest = "jq -r .manifests[0].digest $1/index.json";
        assertThat(Shell.run(temp, manifest.replace("$1", "back")))
                .isEqualTo(Shell.run(temp, manifest.replace("$1", "img")));
    }

    private byte[] save(boolean docker, List<StoredImage> saved) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (docker) {
            new ImageSave(images).docker(saved, out);
        } else {
            new ImageSave(images).oci(saved, out);
        }
        return out.toByteArray();
    }

    @Test
    void imagesThatShareLayersKeepThemAndTheirIds() throws Exception {
        List<StoredImage> saved = List.of(
                SmallImage.of("a", "b").publish(images, "one:v1"),
                SmallImage.of("b", "c").publish(images, "two:v2"));
        for (boolean docker : List.of(true, false)) {
            byte[] archive = save(docker, saved);
            assertThat(save(docker, saved)).as("the same bytes each time").isEqualTo(archive);
            ImageStore other = repository(temp.resolve("other" + docker));
            new ImageLoad(other, HERE)
                    .load(new ByteArrayInputStream(archive), "both", new Naming(Optional.empty(), "x"));
            for (StoredImage image : saved) {
                StoredImage loaded = other.required(LocalName.parse(image.name().toString()));
                assertThat(other.content(loaded).configDigest())
                        .isEqualTo(images.content(image).configDigest());
                assertThat(other.content(loaded).layers()).hasSize(2);
            }
        }
    }

    @Test
    void whatUdockerImportedIsSavedToo() throws Exception {
        byte[] layer = SmallImage.of("a").layers().getFirst();
        Files.write(temp.resolve("repo/layers/aa.layer"), layer);
        Shell.run(temp, """
                mkdir -p repo/repos/Old/v1; cd repo/repos/Old/v1; touch TAG v1; echo '["aa"]' > ancestry
                ln -s ../../../layers/aa.layer .; echo '{"architecture":"amd64","os":"linux","config":{}}' > container.json
                """);
        StoredImage image = images.required(LocalName.parse("Old:v1"));
        for (boolean docker : List.of(true, false)) {
            ImageStore other = repository(temp.resolve("other" + docker));
            StoredImage loaded = new ImageLoad(other, HERE)
                    .load(
                            new ByteArrayInputStream(save(docker, List.of(image))),
                            "old",
                            new Naming(Optional.empty(), "x"))
                    .getFirst();
            assertThat(loaded.name()).isEqualTo(image.name());
            assertThat(other.content(loaded).layers().getFirst().diffId()).contains(Digest.sha256(layer));
        }
    }

    @Test
    void aDamagedLayerIsNotSaved() throws Exception {
        StoredImage image = SmallImage.of("a").publish(images, "app");
        Path layer = images.content(image).layers().getFirst().file();
        byte[] bytes = Files.readAllBytes(layer);
        bytes[512]++;
        Files.write(layer, bytes);
        assertThatThrownBy(() -> save(true, List.of(image)))
                .isInstanceOfSatisfying(
                        LayerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DIGEST_MISMATCH));
    }

    @Test
    void aStreamThatFailsIsSaid() {
        StoredImage image = SmallImage.of("a").publish(images, "app");
        OutputStream full = new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                throw new IOException("no space left");
            }
        };
        assertThatThrownBy(() -> new ImageSave(images).docker(List.of(image), full))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("save app:latest")
                .hasMessageContaining("no space left");
    }
}
