package dev.coracle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(120)
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64", disabledReason = "the engine runs guests on x86_64")
class DemoCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    @Test
    void showsAColdAndAWarmEventAndKeepsTheLayersWhenAsked() {
        assertThat(run("--out=" + directory)).as(out + "" + err).isZero();

        assertThat(directory.resolve("demo-image-layer.zip")).isRegularFile();
        assertThat(directory.resolve("coracle-tools-layer.zip")).isRegularFile();
        assertThat(out.toString())
                .contains("engine F3: ", "| sorted     hide reed willow", "| visits     1 ", "| visits     2 ")
                .contains("| not here   /var/task\n", "| not here   the function's AWS credentials\n")
                .contains("exit code 0; ", "cold      warm\n", "--layer=" + directory.resolve("demo-image-layer.zip"))
                .doesNotContain("\033", "ESCAPED");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void withoutASandboxItWarnsAndWorks() {
        assertThat(run("--sandbox=none")).as(out + "" + err).isZero();

        assertThat(out.toString()).contains("sandbox none", "warning: the function runs unconfined");
    }

    @Test
    void whatFailsIsSaidAndEndsWithOne() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        assertThat(run("--out=" + file.resolve("below"))).isEqualTo(1);
        assertThat(err.toString()).startsWith("demo: could not write into " + file);
        assertThat(run("--sandbox=chroot")).isEqualTo(2);
    }

    @Test
    void leavesNothingBehindWhenItIsToldToEnd() throws IOException, InterruptedException {
        Path temporary = Files.createDirectory(directory.resolve("tmp"));
        Path printed = directory.resolve("printed");
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Djava.io.tmpdir=" + temporary,
                        "-Dcoracle.ric=" + System.getProperty("coracle.ric"),
                        "-Dcoracle.home=" + System.getProperty("coracle.home"),
                        Main.class.getName(),
                        "demo")
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();

        awaitStep(printed, "4  A cold event", program);
        program.destroy();

        assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(program.exitValue()).as(Files.readString(printed)).isEqualTo(143);
        assertThat(temporary).isEmptyDirectory();
    }

    /** A program gives no other sign of how far it is than what it prints. */
    private static void awaitStep(Path printed, String step, Process program) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (program.isAlive() && System.nanoTime() < deadline) {
            if (Files.readString(printed).contains(step)) {
                return;
            }
            Thread.onSpinWait();
        }
    }

    private int run(String... options) {
        CommandLine line = Failures.told(new DemoCommand());
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        return line.execute(options);
    }
}
