package dev.coracle.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.layers.Architecture;
import dev.coracle.layers.HeldModes;
import dev.coracle.layers.OwnersTable;
import dev.coracle.layers.Progress;
import dev.coracle.layers.Unpacker;
import dev.coracle.layers.host.HostTree;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What unpacking writes into the table of owners is what a guest of the engine sees. */
class OwnersTableTest {
    private static final List<Path> PROGRAMS = List.of(Path.of("/usr/bin"), Path.of("/bin"));

    @TempDir
    Path scratch;

    @Test
    void guestsSeeTheArchivesOwnersModesAndDevices() throws Exception {
        Path tree = unpack(archive());

        assertThat(OwnersTable.beside(tree)).exists();
        assertThat(seen(tree, List.of("/f", "/again", "/d", "/d/x", "/l", "/p", "/null", "/plain")))
                .containsExactly(
                        "/f 42:43 4750 0:0 regular file",
                        "/again 42:43 4750 0:0 regular file",
                        "/d 4294967294:8 0 0:0 directory",
                        "/d/x 0:0 0 0:0 regular file",
                        "/l 5:6 777 0:0 symbolic link",
                        "/p 7:0 600 0:0 fifo",
                        "/null 1:2 666 1:3 character special file",
                        "/plain 0:0 644 0:0 regular file");
        assertThat(Files.getPosixFilePermissions(tree.resolve("d"))).hasSize(3);
    }

    @Test
    void whatALaterArchiveReplacesIsForgotten() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            put(tar, entry("f", TarConstants.LF_NORMAL, 0644, 0, 0));
            put(tar, entry("d", TarConstants.LF_NORMAL, 0644, 9, 0));
        }
        Path tree = unpack(archive(), bytes.toByteArray());

        assertThat(seen(tree, List.of("/f", "/again", "/d")))
                .containsExactly(
                        "/f 0:0 644 0:0 regular empty file",
                        "/again 42:43 4750 0:0 regular file",
                        "/d 9:0 644 0:0 regular empty file");
    }

    private static byte[] archive() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
            put(tar, entry("f", TarConstants.LF_NORMAL, 04750, 42, 43), "text");
            put(tar, link("again", TarConstants.LF_LINK, "f"));
            put(tar, entry("d/", TarConstants.LF_DIR, 0, 4294967294L, 8));
            put(tar, entry("d/x", TarConstants.LF_NORMAL, 0, 0, 0), "text");
            put(tar, link("l", TarConstants.LF_SYMLINK, "f"));
            put(tar, entry("p", TarConstants.LF_FIFO, 0600, 7, 0));
            TarArchiveEntry device = entry("null", TarConstants.LF_CHR, 0666, 1, 2);
            device.setDevMajor(1);
            device.setDevMinor(3);
            put(tar, device);
            put(tar, entry("plain", TarConstants.LF_NORMAL, 0644, 0, 0), "text");
        }
        return bytes.toByteArray();
    }

    private static TarArchiveEntry entry(String name, byte type, int mode, long user, long group) {
        TarArchiveEntry entry = new TarArchiveEntry(name, type);
        entry.setMode(mode);
        entry.setUserId(user);
        entry.setGroupId(group);
        return entry;
    }

    private static TarArchiveEntry link(String name, byte type, String target) {
        TarArchiveEntry entry = entry(name, type, 0777, 5, 6);
        entry.setLinkName(target);
        return entry;
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry) throws IOException {
        put(tar, entry, "");
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, String content) throws IOException {
        entry.setSize(content.length());
        tar.putArchiveEntry(entry);
        tar.write(content.getBytes(StandardCharsets.US_ASCII));
        tar.closeArchiveEntry();
    }

    /** Unpacks as an ordinary user would, and adds the program that looks. */
    private Path unpack(byte[]... archives) throws IOException {
        Path tree = Files.createDirectory(scratch.resolve("tree"));
        try (Progress.Step step = Progress.SILENT.begin("", -1)) {
            HostTree.copy(List.of("stat"), PROGRAMS, Architecture.parse("x86_64"), tree, step);
        }
        try (Unpacker unpacker = Unpacker.into(tree, HeldModes.forUse(false))) {
            for (byte[] archive : archives) {
                unpacker.tree(new ByteArrayInputStream(archive), "archive");
            }
            assertThat(unpacker.finish().skipped()).isEmpty();
        }
        return tree;
    }

    private static List<String> seen(Path tree, List<String> names) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                EngineUnderTest.program().toString(),
                "run",
                "--root=" + tree,
                "--user=0:0",
                "--clear-env",
                "--",
                "stat",
                "-c",
                "%n %u:%g %a %t:%T %F"));
        command.addAll(names);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return printed.lines().toList();
    }
}
