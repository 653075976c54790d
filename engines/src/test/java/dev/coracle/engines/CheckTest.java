package dev.coracle.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.coracle.engines.guests.EngineUnderTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code coracle-engine check}: what of a tree will not run, and why. */
class CheckTest {
    private static final int X86_64 = 62;
    private static final int AARCH64 = 183;
    private static final int HEADER = 64;
    private static final int PROGRAM_HEADER = 56;

    @TempDir
    Path directory;

    private Path tree = Path.of("");

    private record Answer(int exitCode, String text, String complaint) {}

    @BeforeEach
    void makeATree() throws IOException {
        assumeThat(EngineUnderTest.program()).isExecutable();
        tree = Files.createDirectory(directory.resolve("tree"));
        Files.createDirectory(tree.resolve("bin"));
    }

    @Test
    void aTreeWithNothingToSay() throws Exception {
        put("lib/ld.so", elf(X86_64, ""), "rwxr-xr-x");
        put("bin/program", elf(X86_64, "/lib/ld.so"), "rwxr-xr-x");
        Files.createSymbolicLink(tree.resolve("bin/sh"), Path.of("/bin/program"));
        put("bin/script", "#!/bin/sh -e\n".getBytes(StandardCharsets.UTF_8), "rwxr-xr-x");
        put("bin/data", new byte[] {1, 2, 3}, "rwxr-xr-x");
        put("bin/empty", new byte[0], "rwxr-xr-x");
        put("bin/not-executable", elf(AARCH64, ""), "rw-r--r--");
        assertThat(check(tree.toString())).isEqualTo(new Answer(0, "", ""));
    }

    @Test
    void eachProgramThatWillNotRunIsNamedWithItsReason() throws Exception {
        byte[] small = elf(X86_64, "");
        small[4] = 1;
        small[18] = 3;
        put("bin/lacks-loader", elf(X86_64, "/lib/none.so"), "rwxr-xr-x");
        put("bin/other", elf(AARCH64, ""), "rwxr-xr-x");
        put("bin/small", small, "rwxr-xr-x");
        put("bin/script", "#!/bin/none\n".getBytes(StandardCharsets.UTF_8), "rwxr-xr-x");
        put("bin/nameless", "#!\n".getBytes(StandardCharsets.UTF_8), "rwxr-xr-x");
        put("bin/secret", elf(X86_64, ""), "--x--x--x");
        Answer answer = check(tree.toString());
        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.text().lines())
                .containsExactlyInAnyOrder(
                        "/bin/lacks-loader: the tree has no interpreter /lib/none.so",
                        "/bin/other: a program of another machine, or broken",
                        "/bin/small: a 32-bit program: P runs it, F runs 64-bit ones only",
                        "/bin/script: the tree has no interpreter /bin/none",
                        "/bin/nameless: its first line names no interpreter",
                        "/bin/secret: it can be executed but not read, and F has to read it");
    }

    /** A link of the tree leads into the tree: the host's own shell is none of it. */
    @Test
    void interpretersAreLookedForInTheTree() throws Exception {
        Files.createSymbolicLink(tree.resolve("bin/sh"), Path.of("/usr/bin/env"));
        put("bin/script", "#!/bin/sh\n".getBytes(StandardCharsets.UTF_8), "rwxr-xr-x");
        assertThat(check(tree.toString()).text()).isEqualTo("/bin/script: the tree has no interpreter /bin/sh\n");
    }

    @Test
    void whatIsTooDeepToLookIntoIsSaid() throws Exception {
        String deepest = "/d".repeat(200);
        put(deepest.substring(1) + "/program", elf(AARCH64, ""), "rwxr-xr-x");
        assertThat(check(tree.toString()))
                .isEqualTo(new Answer(1, deepest + ": not looked into: too many directories above it\n", ""));
    }

    @Test
    void jsonIsAListWithNamesQuoted() throws Exception {
        put("bin/a\"b\n", "#!/none\n".getBytes(StandardCharsets.UTF_8), "rwxr-xr-x");
        assertThat(check(tree.toString(), "--json").text()).isEqualTo("""
                [
                {"path":"/bin/a\\"b\\u000a","kind":"interpreter","reason":"the tree has no interpreter /none"}
                ]
                """);
    }

    @Test
    void aTreeThatIsNotThereIsSaid() throws Exception {
        Answer answer = check(directory.resolve("none").toString());
        assertThat(answer.exitCode()).isEqualTo(125);
        assertThat(answer.text()).isEmpty();
        assertThat(answer.complaint()).contains("cannot look through", "none: no such file or directory");
        assertThat(check().complaint()).contains("no tree given");
        assertThat(check(tree.toString(), "--odd").complaint()).contains("expected check TREE [--json]");
    }

    private void put(String path, byte[] bytes, String mode) throws IOException {
        Path file = tree.resolve(path);
        Files.createDirectories(file.getParent());
        Set<PosixFilePermission> permissions = PosixFilePermissions.fromString(mode);
        Files.setPosixFilePermissions(Files.write(file, bytes), permissions);
    }

    /** A program's first bytes: enough to tell what it is. */
    private static byte[] elf(int machine, String interpreter) {
        byte[] name = (interpreter + "\0").getBytes(StandardCharsets.UTF_8);
        int headers = interpreter.isEmpty() ? 1 : 2;
        int end = HEADER + headers * PROGRAM_HEADER + name.length;
        ByteBuffer image = ByteBuffer.allocate(end).order(ByteOrder.LITTLE_ENDIAN);
        image.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
        image.putShort((short) 3)
                .putShort((short) machine)
                .putInt(1)
                .putLong(0)
                .putLong(HEADER)
                .putLong(0);
        image.putInt(0)
                .putShort((short) HEADER)
                .putShort((short) PROGRAM_HEADER)
                .putShort((short) headers);
        image.position(HEADER);
        image.putInt(1)
                .putInt(5)
                .putLong(0)
                .putLong(0)
                .putLong(0)
                .putLong(end)
                .putLong(end)
                .putLong(4096);
        if (!interpreter.isEmpty()) {
            int at = HEADER + headers * PROGRAM_HEADER;
            image.putInt(3).putInt(4).putLong(at).putLong(at).putLong(at);
            image.putLong(name.length).putLong(name.length).putLong(1);
            image.put(name);
        }
        return image.array();
    }

    private Answer check(String... words) throws Exception {
        Path said = directory.resolve("said");
        Path complained = directory.resolve("complained");
        ProcessBuilder builder = new ProcessBuilder(EngineUnderTest.program().toString(), "check");
        builder.command().addAll(List.of(words));
        Process process = builder.redirectOutput(said.toFile())
                .redirectError(complained.toFile())
                .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("it ends").isTrue();
        return new Answer(process.exitValue(), Files.readString(said), Files.readString(complained));
    }
}
