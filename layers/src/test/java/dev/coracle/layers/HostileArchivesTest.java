package dev.coracle.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.tar.RawTar;
import java.io.ByteArrayInputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HostileArchivesTest {
    @TempDir
    Path temp;

    private Path out;

    @BeforeEach
    void makeTreeBesideASecret() throws Exception {
        out = Files.createDirectory(temp.resolve("out"));
        Files.createDirectory(temp.resolve("secrets"));
        Files.writeString(temp.resolve("secrets/key"), "untouched");
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of("a name that climbs", new TarBuilder().file("../escaped", "x")),
                Arguments.of("a name that climbs in the middle", new TarBuilder().file("a/../../escaped", "x")),
                Arguments.of("a directory that climbs", new TarBuilder().directory("../escaped/")),
                Arguments.of(
                        "a file written through a link",
                        new TarBuilder().symlink("d", "../secrets").file("d/key", "x")),
                Arguments.of(
                        "a file written through an absolute link",
                        new TarBuilder().symlink("d", "/tmp").file("d/escaped", "x")),
                Arguments.of(
                        "a directory made through a link",
                        new TarBuilder().symlink("d", "../secrets").directory("d/escaped/")),
                Arguments.of(
                        "a link made through a link",
                        new TarBuilder().symlink("d", "../secrets").symlink("d/escaped", "x")),
                Arguments.of("a hard link that climbs", new TarBuilder().hardLink("mine", "../secrets/key")),
                Arguments.of(
                        "a hard link through a link",
                        new TarBuilder().symlink("d", "../secrets").hardLink("mine", "d/key")),
                Arguments.of("a whiteout that climbs", new TarBuilder().file(".wh...", "")),
                Arguments.of("a whiteout below a climbing name", new TarBuilder().file("../.wh.secrets", "")),
                Arguments.of("a name too deep", new TarBuilder().file("a/".repeat(300) + "f", "x")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void isRefusedAndNothingOutsideIsTouched(String what, TarBuilder tar) throws Exception {
        assertThatThrownBy(() -> layer(tar.bytes()))
                .as(what)
                .isInstanceOfSatisfying(
                        LayerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
        assertOutsideUntouched();
    }

    static Stream<Arguments> damages() {
        byte[] whole = new TarBuilder().file("f", "x".repeat(5000)).bytes();
        byte[] lying = new TarBuilder().file("f", "x").bytes();
        System.arraycopy("77777777777".getBytes(StandardCharsets.US_ASCII), 0, lying, 124, 11);
        return Stream.of(
                Arguments.of("cut in a file", Arrays.copyOf(whole, 2000)),
                Arguments.of("cut between blocks", Arrays.copyOf(whole, 512 * 11)),
                Arguments.of("cut in a header", Arrays.copyOf(whole, 300)),
                Arguments.of("nothing", new byte[0]),
                Arguments.of("a header that lies about the size", lying),
                Arguments.of("not a tar", "hello ".repeat(500).getBytes(StandardCharsets.US_ASCII)),
                Arguments.of(
                        "a hard link to nothing",
                        new TarBuilder().hardLink("a", "b").bytes()),
                Arguments.of(
                        "a hard link to the top",
                        new TarBuilder().hardLink("a", ".").bytes()),
                Arguments.of(
                        "a file in place of the top",
                        new TarBuilder().file(".", "x").bytes()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void isReportedAsDamage(String what, byte[] tar) throws Exception {
        assertThatThrownBy(() -> layer(tar))
                .as(what)
                .isInstanceOfSatisfying(
                        LayerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPT));
        assertOutsideUntouched();
    }

    @Test
    void aWhiteoutThroughALinkIsRefusedAndInTheLowestLayerHidesNothing() throws Exception {
        byte[] link = new TarBuilder().symlink("d", "../secrets").bytes();
        byte[] whiteout = new TarBuilder().file("d/.wh.key", "").bytes();
        try (Unpacker unpacker = Unpacker.into(out)) {
            unpacker.layer(new ByteArrayInputStream(link), "lower");
            assertThatThrownBy(() -> unpacker.layer(new ByteArrayInputStream(whiteout), "upper"))
                    .isInstanceOfSatisfying(
                            LayerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
        }
        assertOutsideUntouched();
        Shell.run(out, "rm d");
        layer(new TarBuilder()
                .symlink("d", "../secrets")
                .file("d/.wh.key", "")
                .file(".wh..wh..opq", "")
                .bytes());
        assertThat(out.resolve("d")).isSymbolicLink();
        assertOutsideUntouched();
    }

    @Test
    void aNameThatHoldsAZeroIsRefused() throws Exception {
        byte[] tar =
                new RawTar().records('x', "path", "a\0b").entry('0', "f", "x").bytes();
        assertThatThrownBy(() -> layer(tar))
                .isInstanceOfSatisfying(
                        LayerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
        assertOutsideUntouched();
    }

    @Test
    void namesAreAsLongAsTheFileSystemAllows() throws Exception {
        String deep = ("d".repeat(200) + "/").repeat(40);
        layer(new TarBuilder().file(deep + "f", "deep").bytes());
        // Java itself cannot remove a tree as deep as that.
        assertThat(Shell.run(out, "find . -type f | wc -c; rm -r d*").trim())
                .isEqualTo(Integer.toString(deep.length() + 4));
        assertThatThrownBy(
                        () -> layer(new TarBuilder().file("n".repeat(5000), "x").bytes()))
                .isInstanceOfSatisfying(
                        LayerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.IO))
                .hasMessageContaining("the name is too long");
        assertOutsideUntouched();
    }

    @Test
    void absoluteNamesBeginAtTheTopOfTheTree() throws Exception {
        layer(new TarBuilder().file("/etc/x", "in").hardLink("/y", "/etc/x").bytes());
        assertThat(out.resolve("etc/x")).hasContent("in");
        assertThat(out.resolve("y")).hasContent("in");
    }

    @Test
    void deviceNodesAreLeftOutAndReported() throws Exception {
        UnpackReport report =
                layer(new TarBuilder().device("dev/null").file("f", "x").bytes());
        assertThat(report.skipped()).containsExactly("dev/null: device node left out");
        assertThat(out.resolve("dev/null")).doesNotExist();
        assertThat(out.resolve("f")).hasContent("x");
    }

    @Test
    void aLinkInTheWayOfAFileIsReplacedAndNotFollowed() throws Exception {
        layer(new TarBuilder().symlink("f", "../secrets/key").file("f", "mine").bytes());
        assertThat(Files.isRegularFile(out.resolve("f"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
        assertOutsideUntouched();
    }

    @Test
    void aLinkInTheWayOfADirectoryIsReplacedAndNotFollowed() throws Exception {
        layer(new TarBuilder()
                .symlink("d", "../secrets")
                .directory("d/")
                .file("d/key", "mine")
                .bytes());
        assertThat(out.resolve("d/key")).hasContent("mine");
        assertOutsideUntouched();
    }

    @Test
    void aHardLinkedFileThatIsWrittenAgainLeavesItsTwinAlone() throws Exception {
        layer(new TarBuilder()
                .file("a", "old")
                .hardLink("b", "a")
                .file("b", "new")
                .bytes());
        assertThat(out.resolve("a")).hasContent("old");
    }

    @Test
    void readingByteByByteGivesTheSameTree() throws Exception {
        byte[] tar =
                new TarBuilder().file("a/b", "x".repeat(3000)).symlink("l", "a").bytes();
        List<ByteArrayInputStream> drops = Stream.iterate(0, i -> i < tar.length, i -> i + 1)
                .map(i -> new ByteArrayInputStream(tar, i, 1))
                .toList();
        try (Unpacker unpacker = Unpacker.into(out)) {
            unpacker.layer(new SequenceInputStream(Collections.enumeration(drops)), "drops");
            unpacker.finish();
        }
        assertThat(out.resolve("l/b")).hasContent("x".repeat(3000));
    }

    private UnpackReport layer(byte[] tar) {
        try (Unpacker unpacker = Unpacker.into(out)) {
            unpacker.layer(new ByteArrayInputStream(tar), "hostile");
            return unpacker.finish();
        }
    }

    private void assertOutsideUntouched() throws Exception {
        assertThat(Shell.run(temp, "ls . secrets; cat secrets/key"))
                .isEqualTo(".:\nout\nsecrets\n\nsecrets:\nkey\nuntouched");
        assertThat(Path.of("/tmp/escaped")).doesNotExist();
    }
}
