package dev.coracle.layers.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coracle.layers.LayerException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageSourceTest {
    @Test
    void everyKindIsReadAsItIsWritten() {
        assertThat(ImageSource.parse("oci:/a:b/c:v1"))
                .isEqualTo(new ImageSource.Oci(Path.of("/a:b/c"), Optional.of("v1")));
        assertThat(ImageSource.parse("oci:/a:b/c")).isEqualTo(new ImageSource.Oci(Path.of("/a:b/c"), Optional.empty()));
        assertThat(ImageSource.parse("docker-archive:a.tar:host:5000/x:y"))
                .isEqualTo(new ImageSource.DockerArchive(Path.of("a.tar"), Optional.of("host:5000/x:y")));
        assertThat(ImageSource.parse("tar:a:b")).isEqualTo(new ImageSource.RootTar(Path.of("a:b")));
        assertThat(ImageSource.parse("tree:/")).isEqualTo(new ImageSource.TreeDirectory(Path.of("/")));
        assertThat(ImageSource.parse("host:sh,ls")).isEqualTo(new ImageSource.HostPrograms(List.of("sh", "ls")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "oci", "oci:", "ftp:x", "/some/path", "host:", "host:sh,,ls", "oci:x:", "tar:a\0b"})
    void anythingElseIsAnsweredWithTheKindsThereAre(String text) {
        assertThatThrownBy(() -> ImageSource.parse(text))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("docker-archive:FILE[:REF]");
    }
}
