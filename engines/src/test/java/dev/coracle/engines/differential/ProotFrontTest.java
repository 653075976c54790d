package dev.coracle.engines.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.coracle.engines.guests.Confinement;
import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.GuestCommand;
import dev.coracle.engines.guests.GuestOutcome;
import dev.coracle.engines.guests.GuestTrees;
import dev.coracle.engines.guests.GuestTreesExtension;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The command line of PRoot, as its users write it, does here what it does there; {@code proot.table} says where it does not. */
@ExtendWith(GuestTreesExtension.class)
class ProotFrontTest {
    private static final Path DEBIANS = Path.of("/usr/bin/proot");

    @TempDir
    private Path temporary;

    /** One line of the table, and what follows it; {@code printed} is of no meaning where PRoot is the measure. */
    record FrontCase(String name, boolean same, String script, String printed) {
        @Override
        public String toString() {
            return name;
        }

        private static FrontCase of(String text) {
            String name = text.lines().findFirst().orElseThrow();
            return new FrontCase(name, name.startsWith("same: "), lines(text, false), lines(text, true));
        }

        private static String lines(String text, boolean printed) {
            return text.lines()
                    .skip(1)
                    .filter(line -> line.startsWith("-> ") == printed)
                    .map(line -> line.substring(printed ? 3 : 0) + "\n")
                    .collect(Collectors.joining());
        }
    }

    static Stream<FrontCase> cases() throws IOException {
        try (InputStream table = ProotFrontTest.class.getResourceAsStream("proot.table")) {
            String text =
                    new String(Objects.requireNonNull(table, "proot.table").readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(text.split("(?m)^== ", -1)).skip(1).map(FrontCase::of);
        }
    }

    private GuestOutcome run(FrontCase frontCase, String front, GuestTrees trees) {
        Path tree = trees.borrow(GuestTrees.Side.SUBJECT);
        Path host = temporary.resolve("host");
        var environment = Map.of(
                "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "HOME", temporary.resolve("home").toString(),
                "P", front,
                "T", tree.toString(),
                "D", host.toString());
        String script =
                "mkdir -p $D/dir $HOME && echo on the host >$D/file && echo inner >$D/dir/inner && ln -sfn dir $D/link\n"
                        + "cd /; exec 2>&1\n" + frontCase.script();
        var command = new GuestCommand(List.of("/bin/sh", "-c", script), environment, "", List.of());
        GuestOutcome outcome = trees.runner(Duration.ofMinutes(2)).run(tree, new Confinement.OfTheHost(), command);
        trees.giveBack(GuestTrees.Side.SUBJECT, tree);
        remove(host);
        return outcome;
    }

    private static void remove(Path directory) {
        try (Stream<Path> below = Files.walk(directory)) {
            for (Path path : below.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void doesWhatProotsUsersExpect(FrontCase frontCase, GuestTrees trees) {
        GuestOutcome front = run(frontCase, EngineUnderTest.program() + " proot", trees);
        if (!frontCase.same()) {
            assertThat(front).isEqualTo(new GuestOutcome(front.end(), frontCase.printed(), ""));
            return;
        }
        assumeThat(DEBIANS).as("Debian's PRoot (scripts/test-needs)").exists();
        assertThat(front).isEqualTo(run(frontCase, DEBIANS.toString(), trees));
    }
}
