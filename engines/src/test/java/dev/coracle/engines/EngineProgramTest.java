package dev.coracle.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineProgramTest {
    private static final byte[] PROGRAM = "#!/bin/sh\nexit 0\n".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    @Test
    void takesTheInstalledProgramWhenItCanBeExecuted() throws Exception {
        Path installed = script("rwxr-xr-x");
        assertThat(EngineProgram.find(installed, directory, "amd64"))
                .isEqualTo(new EngineProgram(installed, "installed"));
    }

    @Test
    void leavesAnInstalledProgramOfAnotherProcessorAlone() throws Exception {
        Path installed = directory.resolve("engine");
        byte[] elf = new byte[64];
        elf[0] = 0x7f;
        elf[1] = 'E';
        elf[18] = (byte) 183;
        Files.write(installed, elf);
        Files.setPosixFilePermissions(installed, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(EngineProgram.find(installed, directory, "aarch64").origin()).isEqualTo("installed");
        assertThat(originOrRefusal(installed)).isNotEqualTo("installed");
    }

    @Test
    void unpacksAnExecutableProgramOnceAndReusesIt() throws Exception {
        Path bin = directory.resolve("new/bin");
        Path first = EngineProgram.unpack(PROGRAM, bin).path();
        assertThat(Files.getPosixFilePermissions(first)).isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));
        Object key = Files.readAttributes(first, java.nio.file.attribute.BasicFileAttributes.class)
                .fileKey();
        assertThat(EngineProgram.unpack(PROGRAM, bin).path()).isEqualTo(first);
        assertThat(Files.readAttributes(first, java.nio.file.attribute.BasicFileAttributes.class)
                        .fileKey())
                .isEqualTo(key);
        try (Stream<Path> files = Files.list(bin)) {
            assertThat(files).containsExactly(first);
        }
    }

    @Test
    void replacesAProgramThatIsNotWhatTheJarCarries() throws Exception {
        Path first = EngineProgram.unpack(PROGRAM, directory).path();
        Files.writeString(first, "#!/bin/sh\n");
        assertThat(EngineProgram.unpack(PROGRAM, directory).path()).hasBinaryContent(PROGRAM);
    }

    @Test
    void saysWhatToDoWhenThereIsNoPlaceToUnpack() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> EngineProgram.unpack(PROGRAM, file.resolve("bin")))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("writable directory");
    }

    @Test
    void saysThatThereIsNoneForAProcessorWeDoNotKnow() {
        assertThatThrownBy(() -> EngineProgram.find(Path.of("/no"), directory, "s390x"))
                .isInstanceOf(EngineException.class)
                .extracting(e -> ((EngineException) e).kind())
                .isEqualTo(EngineException.Kind.MISSING);
    }

    private Path script(String permissions) throws Exception {
        Path file = Files.write(directory.resolve("engine"), PROGRAM);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        return file;
    }

    private String originOrRefusal(Path installed) {
        try {
            return EngineProgram.find(installed, directory, "amd64").origin();
        } catch (EngineException e) {
            return e.kind().toString();
        }
    }
}
