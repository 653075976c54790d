package dev.coracle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coracle.layers.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerCommandTest {
    @TempDir
    Path temp;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void buildingATreeNamesTheZip() throws Exception {
        Path tree = Files.createDirectory(temp.resolve("tree"));
        Files.writeString(tree.resolve("hello"), "hello");
        assertThat(run("build", "--from=tree:" + tree, "--name=demo", "--out=" + temp.resolve("out")))
                .isZero();
        assertThat(out.toString()).startsWith(temp.resolve("out/demo-image-layer.zip") + " 0.0 MB");
        assertThat(temp.resolve("out/demo-image-layer.zip")).isNotEmptyFile();
    }

    @Test
    void theToolsLayerTakesAnotherEngine() {
        assertThat(run("tools", "--engine=/bin/true", "--out=" + temp)).isZero();
        assertThat(temp.resolve("coracle-tools-layer.zip")).isNotEmptyFile();
    }

    @Test
    void whatIsWrongWithTheRequestIsUsage() {
        assertThat(run("build", "--from=ftp:x", "--name=demo", "--out=" + temp)).isEqualTo(2);
        assertThat(err.toString()).contains("no kind of source called ftp").contains("tar:FILE");
        assertThat(run("build", "--from=tree:/", "--name=Demo", "--out=" + temp))
                .isEqualTo(2);
        assertThat(run("build", "--from=tree:/", "--name=d", "--arch=mips", "--out=" + temp))
                .isEqualTo(2);
        assertThat(err.toString()).contains("the architectures are x86_64 and aarch64, not: mips");
    }

    @Test
    void whatIsMissingIsAFailure() {
        assertThat(run("build", "--from=tar:/nowhere.tar", "--name=demo", "--out=" + temp))
                .isEqualTo(1);
        assertThat(err.toString()).contains("layer build: could not unpack /nowhere.tar: there is no such file");
    }

    @Test
    void aStepIsALineWhereThereIsNoTerminalAndABarWhereThereIs() {
        assertThat(progress(false)).isEqualTo("check layer 1 of 2" + System.lineSeparator());
        assertThat(progress(true)).contains("check layer 1 of 2").contains("100%");
    }

    private static String progress(boolean terminal) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        try (Progress.Step step = new ConsoleProgress(err, terminal).begin("check layer 1 of 2", 1 << 20)) {
            step.advance(1 << 20);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private int run(String... arguments) {
        return Failures.told(new LayerCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
