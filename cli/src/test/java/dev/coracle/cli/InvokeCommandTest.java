package dev.coracle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coracle.cli.lambda.TestFunction;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class InvokeCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Path folder;
    private final Path function;
    private final Path event;

    InvokeCommandTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.function = TestFunction.pack(folder);
        this.event = folder.resolve("event.json");
    }

    @Test
    void showsResponseLogAndReport() throws IOException {
        Files.writeString(event, "\"hello\"");

        assertThat(run("--event=" + event, "--repeat=2")).isZero();
        assertThat(out.toString())
                .startsWith("\"hello 1\"\n--- log\ncall 1 does hello\n--- REPORT ")
                .containsPattern("cold  Duration: .* Init: .* Billed: \\d+ ms  Memory: 1024 MB  Max used: \\d+ MB")
                .containsPattern("\"hello 2\"\n--- log\ncall 2 does hello\n--- REPORT .* warm ");
    }

    @Test
    void printsOneJsonObjectPerInvocation() throws IOException {
        Files.writeString(event, "\"fail\"");

        assertThat(run("--event=" + event, "--json", "--repeat=2", "--memory=512"))
                .isEqualTo(1);
        List<String> lines = out.toString().lines().toList();
        assertThat(lines).hasSize(2);
        JsonNode first = new ObjectMapper().readTree(lines.get(0));
        assertThat(first.get("ok").asBoolean()).isFalse();
        assertThat(first.get("coldStart").asBoolean()).isTrue();
        assertThat(first.at("/response/errorMessage").asText()).isEqualTo("as asked");
        assertThat(first.get("log").asText()).contains("call 1 does fail");
        assertThat(first.at("/timingsMs/duration").asDouble()).isPositive();
        assertThat(first.get("memorySizeMB").asInt()).isEqualTo(512);
    }

    @Test
    void wrongUseEndsWithTwo() {
        assertThat(run("--event=" + folder.resolve("absent"))).isEqualTo(2);
        assertThat(run("--memory=64")).isEqualTo(2);
        assertThat(run("--timeout=901")).isEqualTo(2);
        assertThat(run("--sandbox=chroot")).isEqualTo(2);
        assertThat(run("--repeat=0")).isEqualTo(2);
        assertThat(run("--layer=" + folder.resolve("absent.zip"))).isEqualTo(2);
        assertThat(run("--timeout=0")).isEqualTo(2);
        assertThat(err.toString())
                .contains("--event=" + folder.resolve("absent") + " cannot be read: there is no ")
                .contains("memory in MB 64: it must be 128 to 10240")
                .contains("time limit in seconds 0.0: it must be more than 0 and at most 900");
    }

    @Test
    void endsEverythingWhenItIsTerminated() throws IOException, InterruptedException {
        Files.writeString(event, "\"hang\"");
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "-Djava.io.tmpdir=" + temporary));
        command.addAll(List.of("-Dcoracle.ric=" + System.getProperty("coracle.ric"), Main.class.getName(), "invoke"));
        command.addAll(arguments("--event=" + event));
        Process program = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();

        List<ProcessHandle> function = awaitFunction(program);
        program.destroy();

        assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(function).isNotEmpty().noneMatch(ProcessHandle::isAlive);
        assertThat(temporary).isEmptyDirectory();
    }

    /** Waits until the runtime interface client runs below the program; a started process gives no other sign. */
    private static List<ProcessHandle> awaitFunction(Process program) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (System.nanoTime() < deadline && program.isAlive()) {
            List<ProcessHandle> descendants = program.descendants().toList();
            if (descendants.stream().anyMatch(InvokeCommandTest::isRuntime)) {
                return descendants;
            }
            Thread.onSpinWait();
        }
        return List.of();
    }

    private static boolean isRuntime(ProcessHandle process) {
        return process.info().commandLine().orElse("").contains("/java -XX:MaxHeapSize");
    }

    private int run(String... options) {
        CommandLine line = Failures.told(new InvokeCommand());
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        return line.execute(arguments(options).toArray(String[]::new));
    }

    private List<String> arguments(String... options) {
        return Stream.concat(
                        Stream.of("--function=" + function, "--handler=" + TestFunction.HANDLER), Stream.of(options))
                .toList();
    }
}
