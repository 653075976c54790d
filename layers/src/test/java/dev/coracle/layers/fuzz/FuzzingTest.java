package dev.coracle.layers.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Lets Jazzer look for inputs that break a reader, each target in a process of its own. {@code -Dcoracle.fuzz.seconds=N} looks longer.
 * What it finds belongs among the seeds, where every run reads it.
 */
@Tag("slow")
class FuzzingTest {
    private static final String SECONDS = System.getProperty("coracle.fuzz.seconds", "20");
    private static final int PATIENCE_SECONDS = 300;

    @TempDir
    Path temp;

    @ParameterizedTest
    @EnumSource(Target.class)
    void nothingIsFound(Target target) throws Exception {
        Path corpus = Files.createDirectory(temp.resolve("corpus"));
        Path log = temp.resolve("log");
        Process fuzzer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+EnableDynamicAgentLoading",
                        "-Xmx512m",
                        "-Djava.io.tmpdir=" + temp,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + FuzzEntry.class.getName(),
                        "--target_args=" + target,
                        "--instrumentation_includes=dev.coracle.layers.**",
                        "--reproducer_path=" + temp,
                        "-artifact_prefix=" + temp + "/",
                        "-max_total_time=" + SECONDS,
                        "-max_len=8192",
                        "-rss_limit_mb=2048",
                        corpus.toString(),
                        Seeds.of(target).toString())
                .directory(temp.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(fuzzer.waitFor(Long.parseLong(SECONDS) + PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("ends")
                    .isTrue();
        } finally {
            fuzzer.destroyForcibly();
        }
        String said = Files.readString(log, StandardCharsets.ISO_8859_1);
        assertThat(fuzzer.exitValue()).as(said).isZero();
        assertThat(said).contains("DONE");
    }
}
