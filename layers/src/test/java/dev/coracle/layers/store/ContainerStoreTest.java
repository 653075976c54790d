package dev.coracle.layers.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.Progress;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerStoreTest {
    @TempDir
    Path temp;

    private RepositoryPlaces places = RepositoryPlaces.under(Path.of("/nowhere"));
    private ImageStore images = new ImageStore(places);
    private ContainerStore containers = new ContainerStore(places, images);

    @BeforeEach
    void makeRepository() {
        places = RepositoryPlaces.under(temp);
        places.create();
        images = new ImageStore(places);
        containers = new ContainerStore(places, images);
    }

    private Container create(String... names) {
        StoredImage image = images.list().isEmpty()
                ? SmallImage.of("a", "b").publish(images, "app:v1")
                : images.list().getFirst();
        return containers.create(image, List.of(names), Progress.SILENT);
    }

    private List<String> entries() throws IOException {
        try (Stream<Path> entries = Files.list(places.containers())) {
            return entries.map(each -> each.getFileName().toString())
                    .filter(name -> !name.startsWith(".lock"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aContainerLiesAsUdockerLaysIt() throws Exception {
        Container made = create("mine", "other");
        assertThat(made.id()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        assertThat(made.root().resolve("a")).hasContent("a");
        assertThat(made.root().resolve("b")).hasContent("b");
        assertThat(made.directory().resolve("container.json")).content().contains("\"Cmd\"");
        assertThat(made.directory().resolve("imagerepo.name")).hasContent("app:v1");
        assertThat(Files.readSymbolicLink(places.containers().resolve("mine"))).hasToString(made.id());
        assertThat(entries()).containsExactlyInAnyOrder(made.id(), "mine", "other");
        assertThat(made.names()).containsExactly("mine", "other");
    }

    @Test
    void aContainerIsFoundByItsIdAndItsNames() {
        Container made = create("mine");
        assertThat(containers.find("mine")).contains(made);
        assertThat(containers.find(made.id())).contains(made);
        assertThat(containers.list()).containsExactly(made);
        for (String word : List.of("none", "..", ".", "mine/ROOT", "")) {
            assertThat(containers.find(word)).as(word).isEmpty();
        }
    }

    @Test
    void aNameThatIsTakenIsRefusedBeforeAnythingIsMade() throws Exception {
        create("mine");
        List<String> before = entries();
        assertThatThrownBy(() -> create("mine"))
                .isInstanceOfSatisfying(
                        LayerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID_REQUEST));
        assertThat(entries()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "..", "a b", "", "[a]", ".hidden", "a.b", "a\nb"})
    void oddNamesAreRefused(String name) {
        assertThatThrownBy(() -> create(name)).hasMessageContaining("name a container");
    }

    @Test
    void aDamagedLayerLeavesNothingBehind() throws Exception {
        StoredImage image = SmallImage.of("a", "b").publish(images, "app");
        Path layer = images.content(image).layers().getLast().file();
        byte[] bytes = Files.readAllBytes(layer);
        bytes[512]++;
        Files.write(layer, bytes);
        assertThatThrownBy(() -> create("mine"))
                .isInstanceOfSatisfying(
                        LayerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DIGEST_MISMATCH));
        assertThat(entries()).isEmpty();
    }

    @Test
    void aContainerGoesWithItsNamesUnlessItIsProtected() throws Exception {
        Container made = create("mine");
        containers.protect(made, true);
        assertThat(containers.list()).extracting(Container::kept).containsExactly(true);
        assertThatThrownBy(() -> containers.remove(made))
                .isInstanceOfSatisfying(
                        LayerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BUSY));
        containers.protect(made, false);
        containers.remove(made);
        assertThat(entries()).isEmpty();
        assertThatThrownBy(() -> containers.remove(made))
                .isInstanceOfSatisfying(
                        LayerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
    }

    @Test
    void namesComeAndGo() {
        Container made = create();
        containers.name(made, "one");
        assertThat(containers.find("one")).isPresent();
        assertThat(containers.unname("one")).isTrue();
        assertThat(containers.unname("one")).isFalse();
        assertThat(containers.unname(made.id())).as("an id is no name").isFalse();
        assertThat(containers.find("one")).isEmpty();
    }

    @Test
    void whatOthersLeftWhenTheyWereKilledIsRemoved() throws Exception {
        Container made = create("mine");
        Files.createDirectories(places.containers().resolve(".new-1/ROOT"));
        Files.createDirectories(places.containers().resolve(".new-2"));
        Files.writeString(
                Files.createDirectories(places.containers().resolve(".new-3")).resolve(".making"), "");
        Files.createDirectories(places.containers().resolve(".old-4/ROOT/x"));
        Files.createSymbolicLink(places.containers().resolve("dangling"), Path.of("gone"));
        Container other = create();
        assertThat(entries()).containsExactlyInAnyOrder(made.id(), other.id(), "mine");
    }

    @Test
    void aThousandContainersAreListedInWellUnderASecond() throws Exception {
        for (int i = 0; i < 1000; i++) {
            Path directory = Files.createDirectories(places.containers().resolve("c-" + i));
            Files.createDirectory(directory.resolve("ROOT"));
            Files.writeString(directory.resolve("imagerepo.name"), "app:v" + i);
            Files.createSymbolicLink(places.containers().resolve("n" + i), directory.getFileName());
        }
        // Time of this thread alone, and the best of three: others may be busy on this machine.
        Duration best =
                Stream.generate(this::listing).limit(3).min(Duration::compareTo).orElseThrow();
        assertThat(best).isLessThan(Duration.ofMillis(900));
    }

    private Duration listing() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long begun = threads.getCurrentThreadCpuTime();
        List<Container> all = containers.list();
        Duration took = Duration.ofNanos(threads.getCurrentThreadCpuTime() - begun);
        assertThat(all)
                .hasSize(1000)
                .allSatisfy(each -> assertThat(each.names()).hasSize(1));
        return took;
    }
}
