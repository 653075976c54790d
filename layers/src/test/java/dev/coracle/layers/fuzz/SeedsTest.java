package dev.coracle.layers.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever fuzzing has found, and what it began with, is read as it should be; and so is what lies near. */
class SeedsTest {
    private static final int NEIGHBOURS = 12;

    @ParameterizedTest
    @EnumSource(Target.class)
    void everySeedIsUnderstoodOrRefused(Target target) throws Exception {
        assertThat(Seeds.files(target)).hasSizeGreaterThan(5);
        for (Path seed : Seeds.files(target)) {
            byte[] bytes = Files.readAllBytes(seed);
            assertThatCode(() -> target.read(bytes)).as(seed.toString()).doesNotThrowAnyException();
            Random random = new Random(seed.getFileName().toString().hashCode());
            for (int i = 0; i < NEIGHBOURS; i++) {
                byte[] near = neighbour(bytes, random);
                assertThatCode(() -> target.read(near))
                        .as("%s, changed to %s", seed, Arrays.toString(near))
                        .doesNotThrowAnyException();
            }
        }
    }

    /** One bit is another, or the end is missing. */
    private static byte[] neighbour(byte[] bytes, Random random) {
        if (bytes.length == 0) {
            return bytes;
        }
        int at = random.nextInt(bytes.length);
        byte[] near = random.nextInt(4) == 0 ? Arrays.copyOf(bytes, at) : bytes.clone();
        if (near.length == bytes.length) {
            near[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        }
        return near;
    }
}
