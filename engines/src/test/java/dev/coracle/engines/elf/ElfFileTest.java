package dev.coracle.engines.elf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElfFileTest {
    private static final Path SHELL = Path.of("/bin/sh");

    @TempDir
    Path temp;

    @Test
    void aDynamicProgramNamesItsInterpreterAndItsLibraries() throws IOException {
        ElfFile shell = ElfFile.read(SHELL).orElseThrow();
        assertThat(shell.interpreter()).get().asString().startsWith("/lib").contains("ld");
        assertThat(shell.needed()).anyMatch(library -> library.startsWith("libc."));
        assertThat(shell.machine()).isIn(ElfFile.X86_64, ElfFile.AARCH64);
    }

    @Test
    void whatIsNotElfIsNothing() throws IOException {
        Path text = Files.writeString(temp.resolve("text"), "#!/bin/sh\n".repeat(100));
        assertThat(ElfFile.read(text)).isEmpty();
        assertThat(ElfFile.read(Files.createFile(temp.resolve("empty")))).isEmpty();
    }

    @Test
    void damageIsReportedAndNeverAnythingElse() throws IOException {
        byte[] shell = Files.readAllBytes(SHELL);
        Random random = new Random(7);
        Path file = temp.resolve("damaged");
        for (int round = 0; round < 500; round++) {
            byte[] damaged = Arrays.copyOf(shell, 1100 + random.nextInt(shell.length - 1100));
            for (int flip = 0; flip < 20; flip++) {
                damaged[4 + random.nextInt(1000)] = (byte) random.nextInt();
            }
            Files.write(file, damaged);
            try {
                ElfFile.read(file);
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("damaged");
            }
        }
    }
}
