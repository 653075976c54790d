package dev.coracle.cli.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeploymentZipTest {
    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

    private final Path zip;
    private final Path target;

    DeploymentZipTest(@TempDir Path folder) throws IOException {
        zip = folder.resolve("some.zip");
        target = Files.createDirectory(folder.resolve("target"));
    }

    @Test
    void keepsModesAndLinks() throws IOException {
        try (FunctionZip out = new FunctionZip(zip)) {
            out.add("bin/run", CONTENT, 0100755).add("plain", CONTENT, 0).add("link", bytes("bin/run"), 0120777);
        }

        assertThat(DeploymentZip.unpack(zip, target)).isEqualTo(2L * CONTENT.length);
        assertThat(permissions("bin/run")).isEqualTo("rwxr-xr-x");
        assertThat(permissions("plain")).isEqualTo("rw-r--r--");
        assertThat(Files.readSymbolicLink(target.resolve("link"))).hasToString("bin/run");
    }

    @Test
    void laterZipsReplaceFilesOfEarlierOnes() throws IOException {
        try (FunctionZip out = new FunctionZip(zip)) {
            out.add("file", bytes("old"), 0100444);
        }
        DeploymentZip.unpack(zip, target);
        try (FunctionZip out = new FunctionZip(zip)) {
            out.add("file", bytes("new"), 0100644);
        }
        DeploymentZip.unpack(zip, target);

        assertThat(target.resolve("file")).hasContent("new");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../out", "a/../../out", "/out", "a/.."})
    void refusesNamesThatLeaveTheFolder(String name) throws IOException {
        try (FunctionZip out = new FunctionZip(zip)) {
            out.add(name, CONTENT, 0100644);
        }

        assertThatThrownBy(() -> DeploymentZip.unpack(zip, target))
                .isInstanceOf(LambdaException.class)
                .hasMessageContaining("leaves the folder");
        assertThat(target.resolveSibling("out")).doesNotExist();
    }

    @Test
    void refusesToWriteThroughALink() throws IOException {
        try (FunctionZip out = new FunctionZip(zip)) {
            out.add("link", bytes(".."), 0120777).add("link/out", CONTENT, 0100644);
        }

        assertThatThrownBy(() -> DeploymentZip.unpack(zip, target)).hasMessageContaining("through a link");
        assertThat(target.resolveSibling("out")).doesNotExist();
    }

    @Test
    void replacesALinkInsteadOfWritingThroughIt() throws IOException {
        Path outside = Files.write(target.resolveSibling("outside"), CONTENT);
        try (FunctionZip out = new FunctionZip(zip)) {
            out.add("link", bytes("../outside"), 0120777).add("link", bytes("new"), 0100644);
        }

        DeploymentZip.unpack(zip, target);

        assertThat(outside).hasBinaryContent(CONTENT);
        assertThat(target.resolve("link")).isRegularFile().hasContent("new");
    }

    @Test
    void refusesWhatIsNoZip() throws IOException {
        Files.write(zip, CONTENT);

        assertThatThrownBy(() -> DeploymentZip.unpack(zip, target))
                .isInstanceOf(LambdaException.class)
                .hasMessageStartingWith("unpacking " + zip);
    }

    private String permissions(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(target.resolve(name)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
