package dev.coracle.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coracle.engines.Bind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuestDevicesTest {
    @TempDir
    Path directory;

    private Path host = Path.of("");
    private Path root = Path.of("");

    @BeforeEach
    void makeAHostWithTwoDevices() throws IOException {
        host = Files.createDirectory(directory.resolve("host"));
        root = Files.createDirectory(directory.resolve("root"));
        Files.createFile(host.resolve("null"));
        Files.createFile(host.resolve("zero"));
        Files.createFile(host.resolve("sda"));
    }

    @Test
    void bindsTheDevicesThatTheHostHasAndNoOthers() throws IOException {
        assertThat(new GuestDevices(host, root).prepare())
                .containsExactly(
                        Bind.writable(host.resolve("null"), "/dev/null"),
                        Bind.writable(host.resolve("zero"), "/dev/zero"));
        assertThat(root.resolve("dev/null")).isRegularFile();
    }

    @Test
    void linksTheDescriptors() throws IOException {
        new GuestDevices(host, root).prepare();

        assertThat(Files.readSymbolicLink(root.resolve("dev/fd"))).isEqualTo(Path.of("/proc/self/fd"));
        assertThat(Files.readSymbolicLink(root.resolve("dev/stdout"))).isEqualTo(Path.of("/proc/self/fd/1"));
    }

    @Test
    void preparingAgainChangesNothing() throws IOException {
        GuestDevices devices = new GuestDevices(host, root);
        var first = devices.prepare();
        Files.writeString(root.resolve("dev/kept"), "");

        assertThat(devices.prepare()).isEqualTo(first);
        assertThat(root.resolve("dev/kept")).exists();
    }

    @Test
    void whatAnImageHasInTheWrongPlaceIsReplacedAndNothingOutsideIsTouched() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.createSymbolicLink(root.resolve("dev"), outside);
        new GuestDevices(host, root).prepare();
        assertThat(outside).isEmptyDirectory();
        assertThat(Files.isSymbolicLink(root.resolve("dev"))).isFalse();

        Files.delete(root.resolve("dev/null"));
        Files.createSymbolicLink(root.resolve("dev/null"), outside.resolve("null"));
        Files.delete(root.resolve("dev/stdout"));
        Files.writeString(root.resolve("dev/stdout"), "printed");
        new GuestDevices(host, root).prepare();
        assertThat(Files.isRegularFile(root.resolve("dev/null"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
        assertThat(root.resolve("dev/stdout")).isSymbolicLink();
        assertThat(outside).isEmptyDirectory();
    }
}
