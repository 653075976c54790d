package dev.coracle.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coracle.layers.LayerException.Kind;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeArchiveTest {
    private static final String FIRST = "mkdir -p a/b z; echo one > a/one; head -c 300000 /dev/urandom > a/b/big;"
            + " ln a/one z/same; ln -s ../nowhere a/link; mkfifo pipe; chmod 4755 a/one; chmod 1777 z;";

    @TempDir
    Path temp;

    private Path tree;
    private Path out;

    @BeforeEach
    void makeDirectories() throws Exception {
        tree = Files.createDirectory(temp.resolve("tree"));
        out = Files.createDirectory(temp.resolve("out"));
    }

    @Test
    void unpackingGivesTheTreeThatWasPacked() throws Exception {
        Shell.run(tree, FIRST + """
                        long=$(printf 'n%.0s' {1..90}); mkdir -p $long/$long; echo deep > $long/$long/$long; ln -s $long/$long/$long long
                        ln $long/$long/$long hard
                        printf x > $(printf 'caf\\351'); printf y > 'café'; : > 'new
                        line'
                        touch -h -d '2001-02-03 04:05:06.123456789' a/link a/b/big a/b z .
                        touch -d '1969-12-31 23:59:58.5' a/one
                        chmod 500 a/b; chmod 000 z/same
                        """);
        TreeInfo info = TreeArchive.pack(tree, temp.resolve("t.tar.zst"), Progress.SILENT);
        UnpackReport report = TreeArchive.unpack(temp.resolve("t.tar.zst"), info.digest(), out);
        assertThat(Shell.describe(out)).isEqualTo(Shell.describe(tree));
        assertThat(report.skipped()).isEmpty();
        assertThat(report.entries()).isEqualTo(info.entries());
        assertThat(report.bytes()).isEqualTo(info.unpackedSize());
    }

    @Test
    void attributesSurviveAsBytes() throws Exception {
        byte[] value = {0, (byte) 0xff, (byte) 0x80, '\n', (byte) 0xc3};
        Shell.run(tree, "echo x > f; mkdir d");
        Files.setAttribute(tree.resolve("f"), "user:note", value);
        Files.setAttribute(tree.resolve("d"), "user:note", value);
        TreeInfo info = TreeArchive.pack(tree, temp.resolve("t.tar.zst"), Progress.SILENT);
        TreeArchive.unpack(temp.resolve("t.tar.zst"), info.digest(), out);
        assertThat(Files.getAttribute(out.resolve("f"), "user:note")).isEqualTo(value);
        assertThat(Files.getAttribute(out.resolve("d"), "user:note")).isEqualTo(value);
    }

    @Test
    void theOrderInWhichFilesWereMadeDoesNotMatter() throws Exception {
        Path other = Files.createDirectory(temp.resolve("other"));
        String times = "find . -exec touch -h -d @1000000 {} +";
        Shell.run(tree, "mkdir d; for i in {1..200}; do echo $i > d/$i; done; ln d/7 d/x;" + times);
        Shell.run(other, "mkdir d; for i in {200..1}; do echo $i > d/$i; done; ln d/7 d/x;" + times);
        TreeInfo one = TreeArchive.pack(tree, temp.resolve("1.tar.zst"), Progress.SILENT);
        TreeInfo two = TreeArchive.pack(other, temp.resolve("2.tar.zst"), Progress.SILENT);
        assertThat(one).isEqualTo(two);
    }

    @Test
    void gnuTarReadsTheArchive() throws Exception {
        Shell.run(tree, FIRST + "find . -exec touch -h -d @1000000.25 {} +");
        TreeArchive.pack(tree, temp.resolve("t.tar.zst"), Progress.SILENT);
        Shell.run(out, "zstd -dcq ../t.tar.zst | tar -xp --xattrs");
        assertThat(Shell.describe(out)).isEqualTo(Shell.describe(tree));
    }

    @Test
    void aFlippedBitIsNoticed() throws Exception {
        Shell.run(tree, FIRST);
        Path archive = temp.resolve("t.tar.zst");
        TreeInfo info = TreeArchive.pack(tree, archive, Progress.SILENT);
        try (RandomAccessFile file = new RandomAccessFile(archive.toFile(), "rw")) {
            file.seek(file.length() / 2);
            int old = file.read();
            file.seek(file.length() / 2);
            file.write(old ^ 4);
        }
        assertThatThrownBy(() -> TreeArchive.unpack(archive, info.digest(), out))
                .isInstanceOfSatisfying(
                        LayerException.class, e -> assertThat(e.kind()).isIn(Kind.CORRUPT, Kind.DIGEST_MISMATCH));
    }

    @Test
    void aTruncatedArchiveIsNoticed() throws Exception {
        Shell.run(tree, FIRST);
        Path archive = temp.resolve("t.tar.zst");
        TreeInfo info = TreeArchive.pack(tree, archive, Progress.SILENT);
        Shell.run(temp, "truncate -s -1000 t.tar.zst");
        assertThatThrownBy(() -> TreeArchive.unpack(archive, info.digest(), out))
                .isInstanceOf(LayerException.class);
    }

    @Test
    void anotherArchiveThanTheExpectedIsNotAccepted() throws Exception {
        TreeArchive.pack(tree, temp.resolve("t.tar.zst"), Progress.SILENT);
        Digest other = Digest.sha256(new byte[0]);
        assertThatThrownBy(() -> TreeArchive.unpack(temp.resolve("t.tar.zst"), other, out))
                .hasMessageContaining("expected " + other);
    }

    @Test
    void anImageDescriptionReadsBackAsItWasWritten() throws Exception {
        TreeInfo info = TreeArchive.pack(tree, temp.resolve("t.tar.zst"), Progress.SILENT);
        PackedImage image = new PackedImage("demo", "x86_64", ImageConfig.empty(), info);
        image.write(temp.resolve("image.json"));
        assertThat(PackedImage.read(temp.resolve("image.json"))).isEqualTo(image);
    }
}
