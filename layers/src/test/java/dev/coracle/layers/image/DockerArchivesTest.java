package dev.coracle.layers.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coracle.layers.Architecture;
import dev.coracle.layers.HeldModes;
import dev.coracle.layers.ImageConfig;
import dev.coracle.layers.Progress;
import dev.coracle.layers.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerArchivesTest {
    /** The files of the form that docker wrote first, and of the one with manifest.json beside it. */
    private static final String OLD_FORMS = """
            skopeo copy -q oci:img:v1 docker-archive:new.tar:team/app:v1
            mkdir -p x first second; tar -C x -xf new.tar; n=0; parent=; : > names
            config=$(jq -r '.[0].Config' x/manifest.json)
            for layer in $(jq -r '.[0].Layers[]' x/manifest.json); do
              n=$((n+1)); id=$(printf '%064x' $n); mkdir first/$id; cp -L x/$layer first/$id/layer.tar; echo 1.0 > first/$id/VERSION
              jq -c --arg id $id --arg p "$parent" '{id:$id,architecture:.architecture,os:.os,config:.config} + (if $p=="" then {} else {parent:$p} end)' x/$config > first/$id/json
              parent=$id; echo $id/layer.tar >> names
            done
            echo '{"team/app":{"v1":"'$id'"}}' > first/repositories
            cp -r first/. second; cp x/$config second/
            jq -cR . names | jq -cs --arg c $config '[{Config:$c,RepoTags:["team/app:v1"],Layers:.}]' > second/manifest.json
            for tar in first/*/layer.tar; do head -c 1536 /dev/zero >> $tar; done
            tar -C first -cf first.tar .; tar -C second -cf second.tar .; gzip -k second.tar
            """;

    @TempDir
    Path temp;

    @BeforeEach
    void makeArchives() throws Exception {
        Shell.needs("skopeo");
        Shell.needs("jq");
        RealImage.make(temp);
        Shell.run(temp, OLD_FORMS);
    }

    @Test
    void whatSkopeoWritesGivesTheSameTree() throws Exception {
        ImageConfig config = assertSameTree("new.tar:team/app:v1");
        assertThat(config.entrypoint()).isEqualTo(List.of("/bin/sh", "-c"));
        assertThat(config.workdir()).isEqualTo("/work");
    }

    @Test
    void theOldFormWithAManifestGivesTheSameTree() throws Exception {
        assertSameTree("second.tar:docker.io/team/app:v1");
    }

    @Test
    void aCompressedArchiveGivesTheSameTree() throws Exception {
        assertSameTree("second.tar.gz");
    }

    @Test
    void theFirstFormGivesTheSameTree() throws Exception {
        ImageConfig config = assertSameTree("first.tar:team/app:v1");
        assertThat(config.cmd()).containsExactly("echo hi");
    }

    @Test
    void theFormOfModernDockerGivesTheSameTree() throws Exception {
        Shell.run(temp, """
                m=img/blobs/sha256/$(jq -r .manifests[0].digest img/index.json | cut -d: -f2)
                jq -c '[{Config:("blobs/sha256/"+.config.digest[7:]),RepoTags:["team/app:v1"],Layers:[.layers[]|"blobs/sha256/"+.digest[7:]]}]' $m > img/manifest.json
                tar -C img -cf modern.tar .
                """);
        assertSameTree("modern.tar:team/app:v1");
        Shell.run(temp, "rm -r ours; rm img/manifest.json; tar -C img -cf modern.tar .");
        assertSameTree("modern.tar:v1");
    }

    @Test
    void anUnknownReferenceIsAnsweredWithTheOnesThereAre() {
        assertThatThrownBy(() -> unpack("new.tar:team/other"))
                .hasMessageContaining("none called team/other")
                .hasMessageContaining("there are: docker.io/team/app:v1");
        assertThatThrownBy(() -> unpack("first.tar:team/other")).hasMessageContaining("there are: team/app:v1");
    }

    @Test
    void aChangedLayerIsNoticedBeforeItIsUsed() throws Exception {
        Shell.run(
                temp,
                "f=$(ls -S second/*/layer.tar | head -1); printf X | dd of=$f bs=1 seek=9000 conv=notrunc status=none;"
                        + " tar -C second -cf second.tar .");
        assertThatThrownBy(() -> unpack("second.tar")).hasMessageContaining("digest is");
        assertThat(temp.resolve("ours")).isEmptyDirectory();
    }

    private ImageConfig assertSameTree(String source) throws Exception {
        ImageConfig config = unpack(source);
        assertThat(Shell.describe(temp.resolve("ours"))).isEqualTo(RealImage.reference(temp));
        return config;
    }

    private ImageConfig unpack(String source) throws Exception {
        Path ours = Files.createDirectories(temp.resolve("ours"));
        ImageSource.DockerArchive archive =
                (ImageSource.DockerArchive) ImageSource.parse("docker-archive:" + temp + "/" + source);
        try (Image image = Images.open(archive, Architecture.X86_64, temp)) {
            image.unpack(ours, HeldModes.none(), Progress.SILENT);
            return image.config();
        }
    }
}
