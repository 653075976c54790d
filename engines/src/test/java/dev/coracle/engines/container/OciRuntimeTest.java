package dev.coracle.engines.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coracle.engines.container.OciRuntime.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OciRuntimeTest {
    @TempDir
    Path directory;

    @Test
    void findsTheFirstKnownProgramAndWhatItFollows() throws IOException {
        Path first = Files.createDirectory(directory.resolve("first"));
        Path second = Files.createDirectory(directory.resolve("second"));
        program(first.resolve("crun"), "crun version 1.8.1\nspec: 1.0.0\n+SYSTEMD");
        program(second.resolve("runc"), "runc version 1.1.5\nspec: 1.0.2-dev\ngo: go1.19.8");
        Files.createFile(first.resolve("runc"));
        assertThat(OciRuntime.find(List.of(first, second)))
                .contains(new OciRuntime(Kind.RUNC, second.resolve("runc"), "1.0.2"));
        assertThat(OciRuntime.find(List.of(first))).contains(new OciRuntime(Kind.CRUN, first.resolve("crun"), "1.0.0"));
        assertThat(OciRuntime.find(List.of(directory))).isEmpty();
    }

    @Test
    void aProgramThatDoesNotAnswerFollowsTheOldest() throws IOException {
        Path program = directory.resolve("youki");
        program(program, "no such option");
        assertThat(OciRuntime.of(Kind.YOUKI, program).specification()).isEqualTo("1.0.0");
    }

    private static void program(Path file, String answer) throws IOException {
        Files.writeString(file, "#!/bin/sh\ncat <<'END'\n" + answer + "\nEND\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
