package dev.coracle.layers.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An image of any size is imported, unpacked, exported and saved in little memory. */
class LargeImageTest {
    @TempDir
    Path temp;

    private String work(String heap, int entries, int mebibytes) throws Exception {
        Process worker = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx" + heap,
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LargeImageWorker.class.getName(),
                        temp.resolve("repo").toString(),
                        Integer.toString(entries),
                        Integer.toString(mebibytes))
                .redirectErrorStream(true)
                .start();
        try {
            String said = new String(worker.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(worker.waitFor()).as(said).isZero();
            return said.strip();
        } finally {
            worker.destroyForcibly();
        }
    }

    @Test
    void twoHundredMebibytesNeedThirtyTwo() throws Exception {
        assertThat(work("32m", 5000, 200)).isEqualTo("done 5001");
    }

    @Test
    @Tag("slow")
    void aMillionEntriesAndTwoGibibytesNeedTwoHundredAndFiftySix() throws Exception {
        assertThat(work("256m", 1_000_000, 2048)).isEqualTo("done 1000001");
    }
}
