package dev.coracle.engines.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coracle.engines.guests.EngineUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CapabilitiesTest {
    @Test
    void readsWhatTheProbeTells() throws IOException {
        Capabilities capabilities = Capabilities.parse("""
                {"kernel": "6.1", "user": 0, "no-execution": false,
                 "tries": {"ptrace": "yes", "chroot": "operation not permitted", "compat-calls": "killed by signal 31", "later": "yes"}}
                """);
        assertThat(capabilities.has(Capability.PTRACE)).isTrue();
        assertThat(capabilities.has(Capability.CHROOT)).isFalse();
        assertThat(capabilities.why(Capability.COMPAT_CALLS)).isEqualTo("compat-calls: killed by signal 31");
        assertThat(capabilities.why(Capability.MOUNT)).isEqualTo("mount: not tried");
        assertThat(capabilities.facts()).containsEntry("kernel", "6.1").containsEntry("user", "0");
    }

    @Test
    void refusesWhatIsNoAnswer() {
        for (String broken : List.of("", "[]", "{\"a\": {\"b\": \"yes\"}}", "{\"kernel\": \"6", "usage")) {
            assertThatThrownBy(() -> Capabilities.parse(broken)).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> Capabilities.probe(Path.of("/bin/false"), Path.of("/tmp")))
                .hasMessageContaining("exit code 1");
    }

    @Test
    void theProgramKnowsEveryCapabilityAndLeavesNothingBehind(@TempDir Path directory) throws IOException {
        Capabilities capabilities = Capabilities.probe(EngineUnderTest.program(), directory);
        assertThat(capabilities.answers()).containsOnlyKeys(Capability.values());
        assertThat(capabilities.has(Capability.DIRECTORY_PROGRAM)).isTrue();
        assertThat(capabilities.facts())
                .containsEntry("directory", directory.toString())
                .containsEntry("machine", System.getProperty("os.arch").replace("amd64", "x86_64"))
                .containsKeys("kernel", "security-modules", "user", "descriptors", "processes", "no-execution");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aDirectoryThatIsNotThereIsAnAnswer(@TempDir Path directory) throws IOException {
        Path missing = directory.resolve("missing");
        Capabilities capabilities = Capabilities.probe(EngineUnderTest.program(), missing);
        assertThat(capabilities.why(Capability.DIRECTORY_PROGRAM))
                .isEqualTo("directory-program: no such file or directory");
        assertThat(Files.exists(missing)).isFalse();
    }
}
