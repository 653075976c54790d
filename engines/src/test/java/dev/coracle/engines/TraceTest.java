package dev.coracle.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.coracle.engines.guests.EngineUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code --trace} of the native program: who asked for what, what came of it, and where that lies. */
@Timeout(60)
class TraceTest {
    @TempDir
    Path directory;

    private Path bound = Path.of("");
    private Path trace = Path.of("");

    /** One line of a trace. */
    private record Line(String process, String call, String result, List<String> places) {
        static Line parse(String line) {
            List<String> fields = Arrays.asList(line.split("\t", -1));
            return new Line(fields.get(0), fields.get(1), fields.get(2), fields.subList(3, fields.size()));
        }

        String says() {
            return call + " " + result + " " + String.join(" ", places);
        }
    }

    @BeforeEach
    void findTheEngine() throws IOException {
        assumeThat(EngineUnderTest.program()).isExecutable();
        bound = Files.createDirectory(directory.resolve("bound")).toRealPath();
        trace = bound.resolveSibling("trace");
    }

    @Test
    void callsAreToldWithTheirResultsAndPlaces() throws Exception {
        Files.writeString(bound.resolve("file"), "text\n");
        run("cat /mnt/file; mkdir /mnt/new; rmdir /mnt/none; mv /mnt/file /mnt/new/moved");
        assertThat(lines().stream().map(Line::says))
                .contains(
                        "openat 3 /mnt/file " + bound.resolve("file"),
                        "mkdir 0 /mnt/new " + bound.resolve("new"),
                        "rmdir -2 /mnt/none " + bound.resolve("none"))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("rename")
                        .contains(" 0 /mnt/file " + bound.resolve("file") + " /mnt/new/moved "
                                + bound.resolve("new/moved")));
    }

    @Test
    void aProgramThatStartsIsToldWithItsInterpreters() throws Exception {
        Path script = Files.writeString(bound.resolve("script"), "#!/bin/sh\n:\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        run("/mnt/script; :");
        List<Line> started =
                lines().stream().filter(line -> line.result().equals("started")).toList();
        assertThat(started).hasSize(2);
        assertThat(started.getLast().places())
                .startsWith("/mnt/script", script.toString())
                .contains(Path.of("/bin/sh").toRealPath().toString());
    }

    @Test
    void namesCannotForgeLines() throws Exception {
        Path odd = Files.createFile(bound.resolve("a\tb\nc\\d"));
        run("cat '/mnt/a\tb\nc\\d'");
        assertThat(lines())
                .anySatisfy(line ->
                        assertThat(line.places()).containsExactly("/mnt/a\\tb\\nc\\\\d", bound + "/a\\tb\\nc\\\\d"));
        assertThat(odd).exists();
    }

    @Test
    void manyProcessesTearNoLine() throws Exception {
        run("for n in 1 2 3 4 5 6 7 8; do (for m in 1 2 3 4 5 6 7 8 9; do : >/mnt/$n$m; done) & done; wait");
        List<Line> made =
                lines().stream().filter(line -> line.says().contains(" /mnt/")).toList();
        assertThat(made.stream().map(line -> line.places().getFirst()).distinct())
                .hasSize(72);
        assertThat(made.stream().map(Line::process).distinct()).hasSize(8);
    }

    @Test
    void aFileThatCannotBeWrittenIsSaidAtOnce() throws Exception {
        trace = bound.resolve("none/trace");
        assertThat(start("echo ran").waitFor()).isEqualTo(125);
    }

    private List<Line> lines() throws IOException {
        return Files.readAllLines(trace).stream().map(Line::parse).toList();
    }

    private void run(String script) throws Exception {
        Process process = start(script);
        assertThat(process.waitFor()).isBetween(0, 1);
    }

    private Process start(String script) throws IOException {
        List<String> line = new ArrayList<>(List.of(EngineUnderTest.program().toString(), "run", "--root=/"));
        line.addAll(List.of("--bind=" + bound + ":/mnt", "--trace=" + trace, "--", "/bin/sh", "-c", script));
        return new ProcessBuilder(line)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
