package dev.coracle.engines.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.coracle.engines.Mode;
import dev.coracle.engines.guests.Confinement;
import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.GuestCommand;
import dev.coracle.engines.guests.GuestTrees;
import dev.coracle.engines.guests.GuestTreesExtension;
import dev.coracle.engines.guests.HostTools;
import dev.coracle.engines.guests.TreePair;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** With an upper directory guests see and do what they would on the kernel's overlayfs, and the tree below stays as it is. */
@ExtendWith(GuestTreesExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class OverlayTest {
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final List<String> FILES = List.of("shell", "coreutils", "findutils", "links", "perl", "exec");

    /** Guests that tell more than an overlay promises, and what it is. */
    private static final Map<String, String> OTHERWISE = Map.of(
            "coreutils: stat -f names a file system", "the kernel's has a name of its own",
            "coreutils: du counts and df answers", "the order of a listing",
            "coreutils: tar creates, lists and extracts", "the order of a listing",
            "coreutils: mktemp makes private names", "names that are random",
            "findutils: find prints types, sizes and link targets", "the order of a listing",
            "perl: a datagram socket and its names", "a relative name of a socket is bound as an absolute one");

    /** What a guest sees of what another has left. Sizes and links of directories are the file system's own business. */
    private static final String LOOK = """
            cd /; find work tmp var/tmp run etc root mnt usr/local -xdev -type d -printf '%p d %m %U:%G\n' -o -printf '%p %y %m %U:%G %s %n %l\n' | sort
            find work tmp var/tmp run etc -xdev -type f -exec md5sum {} + | sed 's/^\\([0-9a-f]*\\)  \\(.*\\)/\\2 is \\1/' | sort
            """;

    private static final String FIXTURE = """
            cd "$1/work" && mkdir -p low/deep/er low/other low/a low/deep/a && echo f1 >low/f1 && echo f2 >low/f2
            head -c 200000 /dev/zero | tr '\\0' x >low/deep/f1 && ln low/f1 low/hard && ln -s f1 low/link && ln -s deep low/dirlink
            echo b >low/deep/b && echo c >low/deep/er/c && truncate -s 300000 low/sparse && echo end >>low/sparse
            """;

    private static final String ABOVE = """
            mkdir -p "$1/work/low/deep/er/more" "$1/work/low/c" && cd "$1/work/low" && echo upper >f2 && ln -s /work dirlink && echo d >deep/b
            """;

    static Stream<GuestCase> cases() {
        String only = System.getProperty("coracle.test.case", "");
        return CaseFiles.all()
                .filter(guestCase -> FILES.contains(guestCase.file()))
                .filter(guestCase -> !guestCase.options().differsIn().contains(Mode.F1))
                .filter(guestCase -> !OTHERWISE.containsKey(guestCase.toString()))
                .filter(guestCase ->
                        Pattern.compile(only).matcher(guestCase.toString()).find());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void behavesAsOnTheKernelsOverlay(GuestCase guestCase, GuestTrees trees) throws IOException {
        guestCase
                .options()
                .needs()
                .forEach(program -> assumeThat(trees.hasProgram(program))
                        .as(program + " could be put into the tree")
                        .isTrue());
        compare(guestCase, trees, new Layers("true", List.of(), List.of()));
    }

    /** A merged directory is not renamed: that is what the kernel says, and {@code mv} is ready for it. */
    @Test
    void aDirectoryWithALowerPartIsRenamedByCopyingIt(GuestTrees trees) throws IOException {
        String script = """
                export LC_ALL=C; mkdir low/deep/new; mkdir own
                perl -e 'for (["low/deep", "low/moved"], ["low/deep/new", "low/new"], ["own", "mine"], ["low", "mine/low"]) {
                    print "@$_: ", rename($_->[0], $_->[1]) ? "renamed" : $!, "\n" }'
                mv low/deep moved; echo $?; find . | sort; cat moved/er/c
                """;
        GuestCase guestCase =
                CaseFile.parse("overlay", "== merged\n" + script + "\n").getFirst();
        Observation kernel = compare(guestCase, trees, new Layers(FIXTURE, List.of(), readOnly()));
        assertThat(kernel.outcome().stdout())
                .contains("low/deep low/moved: Invalid cross-device link", "low mine/low: Invalid cross-device link")
                .contains("low/deep/new low/new: renamed", "own mine: renamed");
    }

    /** The lower directories are mounted read-only for the engine, as a function's layers are. */
    @ParameterizedTest
    @CsvSource({"1,250", "2,250", "3,250", "4,250"})
    void randomOperationsAnswerAndEndAlike(int seed, int steps, GuestTrees trees) throws IOException {
        compare(random(seed, steps), trees, new Layers(FIXTURE, List.of(), readOnly()));
    }

    @ParameterizedTest
    @CsvSource({"11,250", "12,250"})
    void severalLowerDirectoriesAreMerged(int seed, int steps, GuestTrees trees) throws IOException {
        compare(random(seed, steps), trees, new Layers(FIXTURE, List.of(ABOVE), readOnly()));
    }

    /**
     * What lies under the upper directory.
     *
     * @param fixture script that completes the tree, which is its argument
     * @param above scripts that fill the further lower directories
     * @param wrapper in front of the engine
     */
    private record Layers(String fixture, List<String> above, List<String> wrapper) {}

    private static List<String> readOnly() {
        String script = "for d in $(printf '%s\\n' \"$@\" | sed -n 's/^--lower=//p'); do"
                + " mount --bind $d $d && mount -o remount,bind,ro $d || exit 99; done; exec \"$@\"";
        return List.of("/bin/sh", "-c", script, "sh");
    }

    private static GuestCase random(int seed, int steps) throws IOException {
        try (InputStream text = OverlayTest.class.getResourceAsStream("/dev/coracle/engines/overlay/random.pl")) {
            byte[] bytes = Objects.requireNonNull(text, "random.pl").readAllBytes();
            return new GuestCase(
                    "random " + seed,
                    "overlay",
                    List.of("/usr/bin/perl", GuestCase.SCRIPT, Integer.toString(seed), Integer.toString(steps)),
                    new String(bytes, StandardCharsets.UTF_8),
                    "",
                    new GuestCase.CaseOptions(List.of(), List.of(), Map.of("LC_ALL", "C"), List.of(), Set.of()));
        }
    }

    /** Gives what the kernel did, when the engine did the same. */
    private static Observation compare(GuestCase guestCase, GuestTrees trees, Layers layers) throws IOException {
        assertThat(EngineUnderTest.program()).as("the built engine").isExecutable();
        Path place = Files.createTempDirectory(trees.scratch(), "overlay");
        assumeThat(HostTools.whyNoOverlay(Files.createDirectory(place.resolve("probe"))))
                .isEmpty();
        TreePair pair = trees.borrow();
        Path tree = pair.subject();
        HostTools.require("sh", "-c", layers.fixture(), "sh", tree.toString());
        List<Path> above = Stream.iterate(0, number -> number < layers.above().size(), number -> number + 1)
                .map(number -> place.resolve("above" + number))
                .toList();
        for (int number = 0; number < above.size(); number++) {
            HostTools.require(
                    "sh",
                    "-c",
                    layers.above().get(number),
                    "sh",
                    above.get(number).toString());
        }
        var surroundings = new Observation.Surroundings(trees, trees.runner(DEADLINE));
        Confinement kernel = new Confinement.KernelOverlay(above, place.resolve("kernel"));
        Confinement engine = new Confinement.EngineOverlay(
                EngineUnderTest.program(), above, place.resolve("upper"), layers.wrapper());
        Observation reference = observe(guestCase, tree, kernel, surroundings);
        Observation subject = observe(guestCase, tree, engine, surroundings);
        trees.giveBack(pair);
        HostTools.require("rm", "-rf", "--one-file-system", place.toString());
        assertThat(Comparison.of(guestCase, reference, subject).differences())
                .as(guestCase.toString())
                .isEmpty();
        return reference;
    }

    /** What the guest said, what the next one sees, and, which must be nothing, what has changed in the tree. */
    private static Observation observe(
            GuestCase guestCase, Path tree, Confinement confinement, Observation.Surroundings surroundings) {
        Observation seen = Observation.of(guestCase, tree, confinement, surroundings);
        assertThat(seen.changes().lines())
                .as("the tree under the upper directory")
                .isEmpty();
        var guest = new GuestCommand(
                List.of("/bin/sh", "-c", LOOK), Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "C"), "", List.of());
        var merged = surroundings.runner().run(tree, confinement, guest);
        assertThat(merged.end()).as(merged.stderr()).isEqualTo("exit 0");
        return new Observation(
                seen.outcome(), new TreeChanges(merged.stdout().lines().toList(), List.of()));
    }
}
