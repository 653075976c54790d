package dev.coracle.layers.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coracle.layers.Progress;
import dev.coracle.layers.Shell;
import dev.coracle.layers.image.RealImage;
import dev.coracle.layers.reference.Platform;
import dev.coracle.layers.registry.RealRegistry;
import dev.coracle.layers.store.Container;
import dev.coracle.layers.store.ContainerStore;
import dev.coracle.layers.store.ImageStore;
import dev.coracle.layers.store.RepositoryPlaces;
import dev.coracle.layers.store.StoredImage;
import dev.coracle.layers.transfer.ImageLoad.Naming;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whenever programs are killed, and however many there are, what can be seen in the repository is whole. */
class KilledWorkersTest {
    private static final int PATIENCE_SECONDS = 120;
    private static final int LONGEST_LIFE_MILLIS = 1500;

    @TempDir
    Path temp;

    private RepositoryPlaces places = RepositoryPlaces.under(Path.of("/nowhere"));
    private ImageStore images = new ImageStore(places);
    private ContainerStore containers = new ContainerStore(places, images);
    private Optional<RealRegistry> registry = Optional.empty();

    @BeforeEach
    void makeRepository() throws Exception {
        RealImage.make(temp);
        RealRegistry started = RealRegistry.start(temp);
        registry = Optional.of(started);
        started.push(temp, "oci:img:v1", "far:v1");
        places = RepositoryPlaces.under(temp.resolve("repo"));
        places.create();
        images = new ImageStore(places);
        containers = new ContainerStore(places, images);
    }

    @AfterEach
    void close() {
        registry.ifPresent(RealRegistry::close);
    }

    private Process work(long seed, int seconds) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RepositoryWorker.class.getName(),
                        places.repos().resolveSibling("").toString(),
                        temp.resolve("img").toString(),
                        registry.orElseThrow().name() + "/far:v1",
                        Long.toString(seed),
                        Integer.toString(seconds))
                .redirectErrorStream(true)
                .start();
    }

    private void kill(int times) throws Exception {
        Random random = new Random(3);
        for (int i = 0; i < times; i++) {
            Process worker = work(i, PATIENCE_SECONDS);
            try (BufferedReader said = worker.inputReader(StandardCharsets.UTF_8)) {
                assertThat(said.readLine()).isEqualTo("ready");
                boolean ended = worker.waitFor(random.nextInt(LONGEST_LIFE_MILLIS), TimeUnit.MILLISECONDS);
                assertThat(ended)
                        .as(() -> String.join("\n", said.lines().toList()))
                        .isFalse();
            } finally {
                worker.destroyForcibly().waitFor();
            }
            assertAllIsWhole();
        }
        assertNothingIsLeftOver();
    }

    private void assertAllIsWhole() throws Exception {
        String expected = RealImage.reference(temp);
        for (Container container : containers.list()) {
            assertThat(Shell.describe(container.root())).isEqualTo(expected);
        }
        for (StoredImage image : images.list()) {
            Container made = containers.create(image, List.of(), Progress.SILENT);
            assertThat(Shell.describe(made.root())).isEqualTo(expected);
            containers.remove(made);
        }
    }

    /** All can be removed, and then there is nothing but locks, and for a week what a download may go on with. */
    private void assertNothingIsLeftOver() throws Exception {
        new ImageLoad(images, Platform.parse("linux/amd64", ""))
                .load(temp.resolve("img"), new Naming(Optional.of("last"), "x"));
        containers.list().forEach(containers::remove);
        images.list().forEach(images::remove);
        assertThat(entries(places.repos())).allMatch(name -> name.startsWith(".pulling-"));
        assertThat(entries(places.containers())).isEmpty();
        ImageStore later = new ImageStore(places, () -> Instant.now().plus(Duration.ofDays(8)));
        assertThat(later.use(later::list)).isEmpty();
        assertThat(entries(places.repos())).isEmpty();
        assertThat(entries(places.layers())).isEmpty();
    }

    private static List<String> entries(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(each -> each.getFileName().toString())
                    .filter(name -> !name.startsWith(".lock"))
                    .toList();
        }
    }

    private void together(int workers, int seconds) throws Exception {
        List<Process> running = new ArrayList<>();
        try {
            for (int i = 0; i < workers; i++) {
                running.add(work(i, seconds));
            }
            for (Process worker : running) {
                String said = String.join(
                        "\n", worker.inputReader(StandardCharsets.UTF_8).lines().toList());
                assertThat(worker.waitFor()).as(said).isZero();
                assertThat(said).containsPattern("done [1-9]");
            }
        } finally {
            running.forEach(Process::destroyForcibly);
        }
        assertAllIsWhole();
        assertNothingIsLeftOver();
    }

    @Test
    void aFewKilledWorkersLeaveAWholeRepository() throws Exception {
        kill(4);
    }

    @Test
    void twoWorkersAtOnceDoNotHurtEachOther() throws Exception {
        together(2, 3);
    }

    @Test
    @Tag("slow")
    void fiftyKilledWorkersLeaveAWholeRepository() throws Exception {
        kill(50);
    }

    @Test
    @Tag("slow")
    void eightWorkersForAMinuteDoNotHurtEachOther() throws Exception {
        together(8, 60);
    }
}
