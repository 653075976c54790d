package dev.coracle.layers.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coracle.layers.Shell;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TarReaderTest {
    @TempDir
    Path temp;

    private static TarEntry first(byte[] tar) throws IOException {
        return new TarReader(new ByteArrayInputStream(tar)).next().orElseThrow();
    }

    /** A line for each entry, with its content. */
    private static List<String> all(byte[] tar) throws IOException {
        TarReader reader = new TarReader(new ByteArrayInputStream(tar));
        List<String> lines = new ArrayList<>();
        for (Optional<TarEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
            TarEntry entry = next.get();
            String content = new String(reader.content().readAllBytes(), StandardCharsets.ISO_8859_1);
            lines.add(String.join(
                    " ", entry.type().name(), entry.name(), entry.target(), content.isEmpty() ? "-" : content));
        }
        return lines;
    }

    /** The same tree in each format; what a format cannot say is not in it. */
    @ParameterizedTest
    @ValueSource(strings = {"v7", "oldgnu", "gnu", "ustar", "pax", "posix --sparse"})
    void everyFormatOfGnuTarIsReadAlike(String format) throws Exception {
        Shell.run(temp, """
                mkdir -p t/d; echo one > t/d/one; ln -s d/one t/link; ln t/d/one t/twin; : > t/empty; mkdir t/void
                touch -h -d '2003-04-05 06:07:08' t/d/one t/link t/empty t/void t/d t
                cd t; tar --sort=name --owner=7:1007 --group=8:1008 -H %s -cf ../t.tar .
                """.formatted(format));
        byte[] tar = Files.readAllBytes(temp.resolve("t.tar"));
        assertThat(all(tar).stream().map(line -> line.replace("\n", "")))
                .containsExactly(
                        "DIRECTORY ./  -",
                        "DIRECTORY ./d/  -",
                        "FILE ./d/one  one",
                        "FILE ./empty  -",
                        "SYMLINK ./link d/one -",
                        "HARD_LINK ./twin ./d/one -",
                        "DIRECTORY ./void/  -");
        TarEntry top = first(tar);
        assertThat(top.user()).isEqualTo(1007);
        assertThat(top.group()).isEqualTo(1008);
        assertThat(top.mode()).isEqualTo(0755);
        assertThat(top.modified()).isEqualTo(Instant.parse("2003-04-05T06:07:08Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gnu", "pax"})
    void longNamesComeWhole(String format) throws Exception {
        String deep = "d".repeat(90) + "/" + "e".repeat(120) + "/" + "f".repeat(200);
        Shell.run(
                temp,
                "mkdir -p t/" + deep + "; echo x > t/" + deep + "/f; ln -s " + deep + "/f t/l; tar -H " + format
                        + " --sort=name -C t -cf t.tar " + deep + "/f l");
        assertThat(all(Files.readAllBytes(temp.resolve("t.tar"))))
                .containsExactly("FILE " + deep + "/f  x\n", "SYMLINK l " + deep + "/f -");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gnu", "pax --sparse-version=0.0", "pax --sparse-version=0.1", "pax --sparse-version=1.0"})
    void whereAFileHasHolesIsKnown(String format) throws Exception {
        // More pieces than the header itself and the first block behind it have room for.
        Shell.run(temp, """
                for i in $(seq 0 39); do printf 'piece %%02d' $i | dd of=f bs=1 seek=$((i * 65536 + 4096)) conv=notrunc status=none; done
                truncate -s 9000000 f; tar -S -H %s -cf t.tar f
                """.formatted(format));
        TarReader reader = new TarReader(new ByteArrayInputStream(Files.readAllBytes(temp.resolve("t.tar"))));
        TarEntry entry = reader.next().orElseThrow();
        assertThat(entry.name()).isEqualTo("f");
        assertThat(entry.content().size()).isEqualTo(9_000_000);
        byte[] whole = Files.readAllBytes(temp.resolve("f"));
        byte[] put = new byte[whole.length];
        for (SparseMap.Part part : entry.content().parts()) {
            int read = reader.content().readNBytes(put, (int) part.offset(), (int) part.length());
            assertThat(read).isEqualTo((int) part.length());
        }
        assertThat(put).isEqualTo(whole);
        assertThat(reader.content().read()).isEqualTo(-1);
        TarReader again = new TarReader(new ByteArrayInputStream(Files.readAllBytes(temp.resolve("t.tar"))));
        InputStream expanded = again.expanded(again.next().orElseThrow());
        assertThat(expanded.readAllBytes()).as("with zeros in place of holes").isEqualTo(whole);
        assertThat(entry.content().parts()).hasSizeGreaterThanOrEqualTo(40);
        assertThat(reader.next()).isEmpty();
    }

    @Test
    void anEntrysOwnRecordsComeBeforeThoseOfAll() throws Exception {
        byte[] tar = new RawTar()
                .records('g', "mtime", "5", "uid", "42")
                .records('x', "mtime", "-1.25", "path", "better", "SCHILY.xattr.user.empty", "", "uid", "")
                .entry('0', "name", "x")
                .entry('0', "next", "")
                .bytes();
        TarEntry entry = first(tar);
        assertThat(entry.name()).isEqualTo("better");
        assertThat(entry.modified()).isEqualTo(Instant.parse("1969-12-31T23:59:58.75Z"));
        assertThat(entry.user()).as("an empty record leaves it to the header").isZero();
        assertThat(entry.attributes()).containsOnlyKeys("user.empty");
        assertThat(all(tar)).containsExactly("FILE better  x", "FILE next  -");
    }

    @Test
    void numbersMayBeBinaryAndFieldsFull() throws Exception {
        byte[] tar = new RawTar()
                .header('0', "n".repeat(100), 0, block -> {
                    RawTar.put(block, 108, "\u0080\0\0\0\1\2\3\4");
                    for (int i = 136; i < 148; i++) {
                        block[i] = (byte) 0xff;
                    }
                    RawTar.put(block, 345, "p".repeat(155));
                })
                .bytes();
        TarEntry entry = first(tar);
        assertThat(entry.name()).isEqualTo("p".repeat(155) + "/" + "n".repeat(100));
        assertThat(entry.user()).isEqualTo(0x01020304);
        assertThat(entry.modified()).isEqualTo(Instant.ofEpochSecond(-1));
    }

    @Test
    void onlyFilesHaveContentWhateverSizeTheOthersClaim() throws Exception {
        byte[] tar = new RawTar()
                .header('5', "d/", 1 << 20, block -> {})
                .header('1', "h", 512, block -> RawTar.put(block, 157, "f"))
                .entry('0', "f", "content")
                .entry('0', "old/", "")
                .bytes();
        assertThat(all(tar))
                .containsExactly("DIRECTORY d/  -", "HARD_LINK h f -", "FILE f  content", "DIRECTORY old/  -");
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                Arguments.of("nothing", new byte[0], "end mark"),
                Arguments.of("no end", new RawTar().entry('0', "f", "x").unfinished(), "end mark"),
                Arguments.of("half a header", new byte[300], "end mark"),
                Arguments.of(
                        "cut content",
                        new RawTar()
                                .header('0', "f", 600, block -> {})
                                .blocks("x")
                                .unfinished(),
                        "middle of a file"),
                Arguments.of(
                        "no checksum", "hello ".repeat(100).getBytes(StandardCharsets.US_ASCII), "not a tar header"));
    }

    static Stream<Arguments> damagedRecords() {
        RawTar huge = new RawTar().header('x', "x", 1L << 30, block -> {});
        return Stream.of(
                Arguments.of("huge records", huge.bytes(), "an extended header of 1073741824 bytes"),
                Arguments.of(
                        "bad record",
                        new RawTar()
                                .entry('x', "x", "99 a=b\n")
                                .entry('0', "f", "")
                                .bytes(),
                        "extended header is damaged"),
                Arguments.of(
                        "record without end",
                        new RawTar()
                                .entry('x', "x", "5 a=b")
                                .entry('0', "f", "")
                                .bytes(),
                        "extended header is damaged"),
                Arguments.of(
                        "bad size",
                        new RawTar()
                                .records('x', "size", "-1")
                                .entry('0', "f", "")
                                .bytes(),
                        "extended header is damaged"),
                Arguments.of(
                        "a size above all",
                        new RawTar()
                                .records('x', "size", "9".repeat(30))
                                .entry('0', "f", "")
                                .bytes(),
                        "extended header is damaged"));
    }

    static Stream<Arguments> damagedNumbers() {
        return Stream.of(
                Arguments.of(
                        "a negative size",
                        new RawTar()
                                .header('0', "f", 0, block -> RawTar.put(block, 124, "\u00ff".repeat(12)))
                                .bytes(),
                        "negative"),
                Arguments.of(
                        "a binary size above all",
                        new RawTar()
                                .header('0', "f", 0, block -> RawTar.put(block, 124, "\u0080\1".repeat(6)))
                                .bytes(),
                        "too large"),
                Arguments.of(
                        "letters for a size",
                        new RawTar()
                                .header('0', "f", 0, block -> block[124] = 'x')
                                .bytes(),
                        "a number is none"));
    }

    static Stream<Arguments> damagedMaps() {
        return Stream.of(
                Arguments.of("holes that overlap", sparse("0,5,3,2", "10", "1234567"), "holes is damaged"),
                Arguments.of("holes behind the end", sparse("0,5,20,2", "10", "1234567"), "holes is damaged"),
                Arguments.of(
                        "holes that run over",
                        sparse("0,5,9223372036854775807,2", "10", "1234567"),
                        "holes is damaged"),
                Arguments.of("more than is stored", sparse("0,8", "10", "1234567"), "holes is damaged"),
                Arguments.of("half a hole", sparse("0,7,9", "10", "1234567"), "holes is damaged"),
                Arguments.of("no size", sparse("0,7", "", "1234567"), "damaged"),
                Arguments.of("a map that is cut", inContent("3\n0\n1\n"), "damaged"),
                Arguments.of("a map of too many", inContent("99999999\n"), "damaged"),
                Arguments.of("a map of more than is stored", inContent("1\n0\n1\n"), "holes is damaged"));
    }

    private static byte[] sparse(String map, String size, String stored) {
        return new RawTar()
                .records('x', "GNU.sparse.map", map, "GNU.sparse.size", size)
                .entry('0', "f", stored)
                .bytes();
    }

    private static byte[] inContent(String map) {
        return new RawTar()
                .records('x', "GNU.sparse.major", "1", "GNU.sparse.minor", "0", "GNU.sparse.realsize", "10")
                .entry('0', "f", map)
                .bytes();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"damages", "damagedRecords", "damagedNumbers", "damagedMaps"})
    void whatMakesNoSenseIsSaid(String what, byte[] tar, String message) {
        assertThatThrownBy(() -> all(tar))
                .as(what)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message);
    }

    @Test
    void whatBelongsToAllEntriesIsBoundedToo() {
        RawTar tar = new RawTar();
        for (int i = 0; i < 40; i++) {
            tar.records('g', "key" + i, "x".repeat(60_000));
        }
        assertThatThrownBy(() -> all(tar.bytes())).hasMessageContaining("an extended header of");
    }
}
