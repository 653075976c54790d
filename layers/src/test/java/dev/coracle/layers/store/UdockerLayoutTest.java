package dev.coracle.layers.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coracle.layers.Progress;
import dev.coracle.layers.Shell;
import dev.coracle.layers.image.RealImage;
import dev.coracle.layers.reference.LocalName;
import dev.coracle.layers.reference.Platform;
import dev.coracle.layers.transfer.ImageLoad;
import dev.coracle.layers.transfer.ImageLoad.Naming;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The repository as udocker lays it out, by the description of its directories and with nothing but a shell: what we made is found where
 * udocker looks, and what was laid as udocker lays it is used by us.
 */
class UdockerLayoutTest {
    /** Takes an image from where udocker looks for its parts, and puts its layers over each other as udocker does. */
    private static final String READ = """
            whole() { zcat < $1; head -c 2048 /dev/zero; } # umoci writes no end mark
            cd repo/repos/team/app/v1
            [ -f TAG ]; [ -e v2 ]; [ "$(cat TAG)" = "$OLDPWD/repo/repos/team/app:v1" ]
            mkdir $OLDPWD/read
            jq -r '.config.digest, .layers[].digest' manifest | while read -r blob; do
              [ -L $blob ]; [ "$(readlink $blob)" = ../../../../layers/$blob ]
              [ "sha256:$(sha256sum < $blob | cut -d' ' -f1)" = $blob ]
            done
            jq -r '.layers[].digest' manifest | while read -r blob; do
              whole $blob | tar -t | { grep -E '(^|/)[.]wh[.]' || true; } | while read -r mark; do
                at=$OLDPWD/read/$(dirname $mark); name=$(basename $mark)
                if [ $name = .wh..wh..opq ]; then find $at -mindepth 1 -delete; else rm -r $at/${name#.wh.}; fi
              done
              whole $blob | tar -C $OLDPWD/read --xattrs --exclude='.wh.*' -xp
            done
            """;

    /** Lays an image and a container of it as udocker does after a pull and a creation. */
    private static final String LAY = """
            manifest=img/blobs/sha256/$(jq -r .manifests[0].digest img/index.json | cut -d: -f2)
            mkdir -p repo/{bin,lib,doc,layers,containers,repos/app/latest}; cd repo/repos/app/latest
            printf %s "$PWD/app:latest" > TAG; : > v2; cp ../../../../$manifest manifest
            for blob in $(jq -r '.config.digest, .layers[].digest' manifest); do
              cp ../../../../img/blobs/sha256/${blob#*:} ../../../layers/$blob; ln -s ../../../layers/$blob $blob
            done
            id=b2fd6a1c-94f1-3d1c-8d0e-0d2c6f0a9b11; cd ../../../containers; mkdir $id; cp -a ../../bundle/rootfs $id/ROOT
            cp ../layers/$(jq -r .config.digest ../repos/app/latest/manifest) $id/container.json
            printf app:latest > $id/imagerepo.name; printf P1 > $id/execmode; printf %s $PWD/$id/ROOT > $id/root.path; ln -s $id mine
            """;

    @TempDir
    static Path shared;

    @TempDir
    Path temp;

    private RepositoryPlaces places = RepositoryPlaces.under(Path.of("/nowhere"));
    private ImageStore images = new ImageStore(places);
    private ContainerStore containers = new ContainerStore(places, images);

    @BeforeAll
    static void makeImage() throws Exception {
        Shell.needs("jq");
        RealImage.make(shared);
    }

    @BeforeEach
    void useRepository() throws Exception {
        Shell.run(temp, "cp -a " + shared + "/img " + shared + "/bundle .");
        places = RepositoryPlaces.under(temp.resolve("repo"));
        images = new ImageStore(places);
        containers = new ContainerStore(places, images);
    }

    @Test
    void whatWeMadeIsFoundWhereUdockerLooks() throws Exception {
        places.create();
        new ImageLoad(images, Platform.parse("linux/amd64", ""))
                .load(temp.resolve("img"), new Naming(Optional.of("team/app"), "x"));
        Container made =
                containers.create(images.required(LocalName.parse("team/app:v1")), List.of("mine"), Progress.SILENT);
        Shell.run(temp, READ);
        assertThat(namesAndContents(temp.resolve("read"))).isEqualTo(namesAndContents(made.root()));
        String shown =
                "cd repo/containers/mine; readlink ../mine; cat imagerepo.name; echo; jq -r .config.User container.json";
        assertThat(Shell.run(temp, shown)).isEqualTo(made.id() + "\nteam/app:v1\n7:8\n");
        assertThat(Shell.describe(temp.resolve("repo/containers/mine/ROOT"))).isEqualTo(RealImage.reference(shared));
    }

    @Test
    void whatUdockerLaidIsUsedAndRemoved() throws Exception {
        Shell.run(temp, LAY);
        assertThat(places.exist()).isTrue();
        assertThat(images.list()).extracting(image -> image.name().toString()).containsExactly("app:latest");
        Container theirs = containers.find("mine").orElseThrow();
        assertThat(theirs.image()).isEqualTo("app:latest");
        assertThat(containers.list()).containsExactly(theirs);
        Container ours = containers.create(images.list().getFirst(), List.of("ours"), Progress.SILENT);
        assertThat(Shell.describe(ours.root())).isEqualTo(Shell.describe(theirs.root()));
        containers.remove(theirs);
        containers.remove(ours);
        images.remove(images.list().getFirst());
        assertThat(left(places.containers())).isEmpty();
        assertThat(left(places.repos())).isEmpty();
        assertThat(left(places.layers())).isEmpty();
    }

    @Test
    void aReadOnlyShareIsReadAndUsedFromElsewhere() throws Exception {
        Shell.run(temp, LAY);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String said = new String(
                new ProcessBuilder(
                                "unshare",
                                "--mount",
                                "bash",
                                "-euc",
                                "mount --bind repo repo; mount -o remount,bind,ro repo; if touch repo/x; then exit 9; fi; exec \"$@\"",
                                "share",
                                java,
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                ShareReader.class.getName(),
                                temp.resolve("repo").toString(),
                                temp.resolve("own").toString())
                        .directory(temp.toFile())
                        .redirectError(temp.resolve("errors").toFile())
                        .start()
                        .getInputStream()
                        .readAllBytes(),
                StandardCharsets.UTF_8);
        assertThat(said)
                .as(() -> errors())
                .isEqualTo("image app:latest\ncontainer mine\nmade of app:latest\nread-only: refused\n");
        try (Stream<Path> made = Files.list(temp.resolve("own"))) {
            Path root = made.filter(each -> Files.isDirectory(each.resolve("ROOT")))
                    .findFirst()
                    .orElseThrow()
                    .resolve("ROOT");
            assertThat(Shell.describe(root)).isEqualTo(RealImage.reference(shared));
        }
    }

    /** Not the times: a shell that removes what a whiteout hides changes those of directories. */
    private static String namesAndContents(Path tree) throws Exception {
        return Shell.run(
                tree,
                "find . -printf '%p %y %m %n %l\\n' | LC_ALL=C sort; find . -type f -print0 | sort -z | xargs -0 sha256sum");
    }

    private String errors() {
        try {
            return Files.readString(temp.resolve("errors"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static List<String> left(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(each -> each.getFileName().toString())
                    .filter(name -> !name.startsWith(".lock"))
                    .toList();
        }
    }
}
