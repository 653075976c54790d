package dev.coracle.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.coracle.layers.ImageConfig;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.TreeArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeStoreTest {
    @TempDir
    Path directory;

    private Path trees = Path.of("");
    private InstalledImage image;

    @BeforeEach
    void installAnImage() throws Exception {
        trees = directory.resolve("work/trees");
        image = ImageFixture.install(directory.resolve("images"), "tools", ImageConfig.empty());
    }

    @Test
    void unpacksOnceAndReusesTheTree() throws Exception {
        TreeStore store = new TreeStore(trees, TreeArchive::unpack);
        PreparedTree first = store.prepare(image);
        assertThat(first.fresh()).isTrue();
        assertThat(first.root())
                .isEqualTo(trees.resolve(image.image().tree().digest().hex()));
        assertThat(first.root().resolve("name")).hasContent("tools");
        assertThat(store.prepare(image)).isEqualTo(new PreparedTree(first.root(), false));
        assertThat(new TreeStore(trees, TreeArchive::unpack).prepare(image).fresh())
                .isFalse();
    }

    @Test
    void aCrashInTheMiddleLeavesNothingThatLooksFinished() throws Exception {
        TreeUnpacker crashing = (archive, digest, into) -> {
            write(into.resolve("half"), "a half");
            throw new StackOverflowError("as near to a crash as a test gets");
        };
        assertThatThrownBy(() -> new TreeStore(trees, crashing).prepare(image)).isInstanceOf(StackOverflowError.class);
        assertThat(names()).containsExactly(".lock");
        assertThat(new TreeStore(trees, TreeArchive::unpack).prepare(image).fresh())
                .isTrue();
    }

    @Test
    void whatAKilledProcessLeftIsRemovedAndNeverTaken() throws Exception {
        Path leftOver = Files.createDirectories(trees.resolve(".unpacking-123/bin"));
        Files.writeString(leftOver.resolve("sh"), "half");
        Files.createSymbolicLink(leftOver.resolve("link"), directory.resolve("images"));
        PreparedTree tree = new TreeStore(trees, TreeArchive::unpack).prepare(image);
        assertThat(names())
                .containsExactlyInAnyOrder(".lock", tree.root().getFileName().toString());
        assertThat(directory.resolve("images/tools/image.json")).exists();
    }

    @Test
    void tooLittleSpaceIsSaidBeforeAnythingIsWritten() {
        AtomicInteger unpacked = new AtomicInteger();
        TreeStore store = new TreeStore(
                trees,
                (archive, digest, into) -> {
                    unpacked.incrementAndGet();
                    return TreeArchive.unpack(archive, digest, into);
                },
                place -> TreeStore.MARGIN + 100);
        JobException failure = catchThrowableOfType(JobException.class, () -> store.prepare(image));
        assertThat(failure.kind()).isEqualTo(JobException.Kind.NO_SPACE);
        assertThat(failure.happened()).contains("it needs 17 MB").contains("16 MB are free");
        assertThat(failure.advice()).contains("ephemeral storage");
        assertThat(unpacked).hasValue(0);
        assertThat(names()).containsExactly(".lock");
    }

    @Test
    void aDiskThatFillsUpAllTheSameIsNotCalledADamagedImage() {
        TreeStore store = new TreeStore(trees, (archive, digest, into) -> {
            IOException full = new IOException("No space left on device");
            throw new LayerException(LayerException.Kind.IO, "unpack", full.toString(), "", full);
        });
        JobException failure = catchThrowableOfType(JobException.class, () -> store.prepare(image));
        assertThat(failure.kind()).isEqualTo(JobException.Kind.NO_SPACE);
        assertThat(names()).containsExactly(".lock");
    }

    @Test
    void aDamagedArchiveIsADamagedImage() throws Exception {
        byte[] archive = Files.readAllBytes(image.archive());
        archive[archive.length / 2] ^= 1;
        Files.write(image.archive(), archive);
        JobException failure = catchThrowableOfType(
                JobException.class, () -> new TreeStore(trees, TreeArchive::unpack).prepare(image));
        assertThat(failure.kind()).isEqualTo(JobException.Kind.BROKEN_IMAGE);
        assertThat(names()).containsExactly(".lock");
    }

    @Test
    void severalThreadsUnpackOnce() throws Exception {
        TreeStore store = new TreeStore(trees, TreeArchive::unpack);
        Callable<Boolean> prepare = () -> store.prepare(image).fresh();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            int fresh = 0;
            for (Future<Boolean> each : threads.invokeAll(List.of(prepare, prepare, prepare, prepare))) {
                fresh += each.get() ? 1 : 0;
            }
            assertThat(fresh).isEqualTo(1);
        }
    }

    private List<String> names() {
        try (Stream<Path> files = Files.list(trees)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
