package dev.coracle.engines.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.GuestTrees;
import dev.coracle.engines.guests.GuestTreesExtension;
import dev.coracle.engines.guests.HostTools;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The files by which runs of one tree tell each other of changes go with their trees. */
@ExtendWith(GuestTreesExtension.class)
class ChangesFileTest {
    /** Where such a file says which tree it belongs to. */
    private static final int ROOT_AT = 64;

    private static final Duration OLD = Duration.ofHours(2);

    @TempDir
    private Path tree;

    /** A file as a tree at {@code root} would have it, if that had such a number. */
    private static Path file(Path directory, String name, String root, Duration age) throws IOException {
        byte[] path = root.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = ByteBuffer.allocate(4096).put(ROOT_AT, path).array();
        Path file = Files.write(directory.resolve("changes-" + name), bytes);
        return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
    }

    private static String numbersOf(Path tree) throws IOException {
        return "0x%x-0x%x"
                .formatted((long) Files.getAttribute(tree, "unix:dev"), (long) Files.getAttribute(tree, "unix:ino"));
    }

    /** Gives the tree a program, and returns the command that runs it. */
    private List<String> runsInTree(GuestTrees trees) throws IOException {
        Path busybox = Files.createDirectory(tree.resolve("bin")).resolve("busybox");
        Path subject = trees.borrow(GuestTrees.Side.SUBJECT);
        Files.copy(subject.resolve(GuestTrees.PROGRAMS.substring(1)).resolve("busybox"), busybox);
        trees.giveBack(GuestTrees.Side.SUBJECT, subject);
        HostTools.require("chmod", "755", busybox.toString());
        return List.of(EngineUnderTest.program().toString(), "run", "--root=" + tree, "--", "/bin/busybox", "true");
    }

    private Path directory() throws IOException {
        long user = (long) (int) Files.getAttribute(tree, "unix:uid");
        Path directory = Path.of("/tmp/.coracle-" + user);
        HostTools.require("mkdir", "-p", "-m", "700", directory.toString());
        return directory;
    }

    @Test
    void aNewTreeTakesAwayTheFilesOfThoseThatAreGone(GuestTrees trees) throws IOException {
        List<String> command = runsInTree(trees);
        Path directory = directory();
        Path gone = file(directory, "0x1-0x11111111", tree + "/gone", OLD);
        Path another = file(directory, "0x1-0x22222222", tree.toString(), OLD);
        Path nobodys = file(directory, "0x1-0x33333333", "", OLD);
        Path young = file(directory, "0x1-0x44444444", tree + "/gone", Duration.ZERO);
        Path other = Files.createDirectory(tree.resolve("other"));
        Path there = file(directory, numbersOf(other), other.toString(), OLD);
        assertThat(HostTools.exitCode(command)).isZero();
        assertThat(directory.resolve("changes-" + numbersOf(tree.toRealPath()))).exists();
        assertThat(List.of(gone, another, nobodys)).noneMatch(Files::exists);
        assertThat(List.of(young, there)).allMatch(Files::exists);
        for (Path file : List.of(young, there)) {
            Files.delete(file);
        }
    }

    /** The number of a directory that has gone is given to another one sooner or later, and the file is there already. */
    @Test
    void aNewTreeWithTheNumberOfAnotherDoesSoToo(GuestTrees trees) throws IOException {
        List<String> command = runsInTree(trees);
        assertThat(HostTools.exitCode(command)).isZero();
        Path own = directory().resolve("changes-" + numbersOf(tree.toRealPath()));
        try (FileChannel channel = FileChannel.open(own, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap((tree + "/gone\0").getBytes(StandardCharsets.UTF_8)), ROOT_AT);
        }
        Files.setLastModifiedTime(own, FileTime.from(Instant.now().minus(OLD)));
        Path gone = file(directory(), "0x1-0x11111111", tree + "/gone", OLD);
        assertThat(HostTools.exitCode(command)).isZero();
        assertThat(gone).doesNotExist();
        assertThat(own).exists();
    }
}
