package dev.coracle.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.coracle.layers.ImageConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageCatalogTest {
    @TempDir
    Path images;

    @Test
    void findsTheOnlyImageWithoutItsName() throws Exception {
        InstalledImage installed = ImageFixture.install(images, "tools", ImageConfig.empty());
        assertThat(new ImageCatalog(images).only()).isEqualTo(installed);
        assertThat(new ImageCatalog(images).named("tools")).isEqualTo(installed);
    }

    @Test
    void wantsANameWhenThereAreSeveral() throws Exception {
        ImageFixture.install(images, "b", ImageConfig.empty());
        ImageFixture.install(images, "a", ImageConfig.empty());
        JobException failure = catchThrowableOfType(JobException.class, () -> new ImageCatalog(images).only());
        assertThat(failure.kind()).isEqualTo(JobException.Kind.UNKNOWN_IMAGE);
        assertThat(failure.happened()).endsWith("a, b");
    }

    @Test
    void namesWhatIsThereWhenTheNameIsUnknown() throws Exception {
        ImageFixture.install(images, "tools", ImageConfig.empty());
        JobException failure = catchThrowableOfType(
                JobException.class, () -> new ImageCatalog(images).named("../../etc\nINFO forged"));
        assertThat(failure.kind()).isEqualTo(JobException.Kind.UNKNOWN_IMAGE);
        assertThat(failure.getMessage()).contains("tools").doesNotContain("\n");
    }

    @Test
    void saysThatNothingIsInstalled() {
        JobException failure =
                catchThrowableOfType(JobException.class, () -> new ImageCatalog(images.resolve("none")).only());
        assertThat(failure.advice()).contains("image layer");
    }

    @Test
    void saysThatAnImageIsDamaged() throws Exception {
        Path place = Files.createDirectories(images.resolve("broken"));
        Files.writeString(place.resolve("image.json"), "{");
        JobException failure = catchThrowableOfType(JobException.class, () -> new ImageCatalog(images).only());
        assertThat(failure.kind()).isEqualTo(JobException.Kind.BROKEN_IMAGE);
    }
}
