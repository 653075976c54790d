package dev.coracle.engines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Supervision with the program that this module builds. */
class InProcessRunTest extends EngineContract {
    @TempDir
    static Path tools;

    Mode mode() {
        return Mode.F1;
    }

    @Override
    Engine engine() {
        EngineProgram program = EngineProgram.find(Path.of("/none"), tools, System.getProperty("os.arch"));
        return new InProcessEngine(program, new EngineChoice(mode(), "the one under test"));
    }

    @Override
    List<String> extraVariables() {
        return List.of();
    }

    /** An empty directory takes the place of /dev, so all that the guest finds there is the engine's. */
    @Test
    void theLinksToDescriptorsAreThereWhereTheHostHasNone(@TempDir Path dev, @TempDir Path place) {
        String use = """
                echo out >/dev/stdout; echo err >/dev/stderr; cat /dev/stdin; cat <(echo substituted); cat /dev/fd/3 3<<<three
                readlink /dev/fd /dev/stderr; test -L /dev/fd && test -d /dev/fd/ && test -d /dev/shm && echo there
                mkdir /dev/fd 2>&1 | grep -o exists; rm /dev/stdin 2>&1 | grep -o cannot; cd /dev/fd && ls -d 0
                """;
        Launch launch = new Launch(
                Path.of("/"),
                List.of(Bind.writable(dev, "/dev")),
                "/",
                Map.of("PATH", "/usr/bin:/bin"),
                Optional.empty(),
                List.of("/bin/bash", "-c", use));
        var stdin = new ByteArrayInputStream("in\n".getBytes(StandardCharsets.UTF_8));

        RunReport report = new ContainerRun(engine(), RunLimits.capturing(10_000))
                .run(new RunOrder(new RunId("links"), launch, stdin, Duration.ofSeconds(30), place));

        assertThat(report.stderr().text().text()).isEqualTo("err\n");
        assertThat(report.stdout().text().text())
                .isEqualTo("out\nin\nsubstituted\nthree\n/proc/self/fd\n/proc/self/fd/2\nthere\nexists\ncannot\n0\n");
        assertThat(dev).isEmptyDirectory();
        assertThat(place).isEmptyDirectory();
    }

    @Test
    void sharedMemoryBelongsToTheRunAndIsGoneAfterIt() {
        String use = "ls -A /dev/shm; mkdir -p /dev/shm/a/b && chmod 0 /dev/shm/a/b; echo x >/dev/shm/f; ls /dev/shm";
        for (int i = 0; i < 2; i++) {
            RunReport report = run("", Duration.ofSeconds(30), "sh", "-c", use);
            assertThat(report.stdout().text().text()).isEqualTo("a\nf\n");
        }
        assertThat(Path.of("/dev/shm/f")).doesNotExist();
        assertThat(directory).isEmptyDirectory();
    }
}
