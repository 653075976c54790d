package dev.coracle.engines.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.coracle.engines.Mode;
import dev.coracle.engines.guests.Confinement;
import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.GuestCommand;
import dev.coracle.engines.guests.GuestOutcome;
import dev.coracle.engines.guests.GuestTrees;
import dev.coracle.engines.guests.GuestTreesExtension;
import dev.coracle.engines.guests.HostTools;
import dev.coracle.engines.guests.TreePair;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With another kernel's release, other ports or another processor a guest sees what it would see under chroot. */
@ExtendWith(GuestTreesExtension.class)
class RunOptionsTest {
    private static final String WORKDIR = GuestCommand.WORKDIR;
    private static final String RELEASE = "5.4.99-other";
    private static final Path CROSS = Path.of("/usr/aarch64-linux-gnu/lib");
    private static final List<String> IN_A_NETWORK = List.of("/usr/bin/unshare", "--net", "--");

    /** A run under chroot, and one under the engine. */
    private record Both(GuestOutcome reference, GuestOutcome subject) {}

    private static Path put(String name, Path tree) {
        Path file = tree.resolve(WORKDIR.substring(1)).resolve(name);
        try (InputStream content = GuestTrees.class.getResourceAsStream(name)) {
            Files.copy(Objects.requireNonNull(content, name), file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return file;
    }

    private static GuestOutcome run(GuestTrees trees, Path tree, Confinement confinement, List<String> command) {
        var environment = Map.of(
                "PATH",
                "/usr/bin:/bin",
                "LANG",
                "C.UTF-8",
                "HOST_ONLY",
                trees.hostOnlyFile().toString(),
                "WORD",
                "w");
        return trees.runner(Duration.ofMinutes(2))
                .run(tree, confinement, new GuestCommand(command, environment, "", List.of()));
    }

    private static Confinement.Engine engine(Mode mode, List<String> wrapper, String... options) {
        return new Confinement.Engine(EngineUnderTest.program(), mode, List.of(), wrapper, List.of(options));
    }

    /** Both in a network of their own. */
    private static Both inANetwork(GuestTrees trees, Mode mode, String... options) {
        TreePair pair = trees.borrow();
        put("ports.py", pair.reference());
        put("ports.py", pair.subject());
        List<String> command = List.of("/usr/bin/python3", WORKDIR + "/ports.py");
        List<String> wrapped = Stream.concat(Stream.of("/usr/bin/unshare", "--net", "--"), command.stream())
                .toList();
        Both both = new Both(
                run(trees, pair.reference(), new Confinement.RealChroot(), wrapped),
                run(trees, pair.subject(), engine(mode, IN_A_NETWORK, options), command));
        trees.giveBack(pair);
        return both;
    }

    @ParameterizedTest
    @EnumSource(names = {"F1", "F2", "P1"})
    void theReleaseIsToldEverywhereAndNothingElseChanges(Mode mode, GuestTrees trees) throws IOException {
        String host = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
        TreePair pair = trees.borrow();
        put("release.py", pair.reference());
        put("release.py", pair.subject());
        List<String> command = List.of("/usr/bin/python3", WORKDIR + "/release.py");
        GuestOutcome reference = run(trees, pair.reference(), new Confinement.RealChroot(), command);
        GuestOutcome subject = run(trees, pair.subject(), engine(mode, List.of(), "--kernel=" + RELEASE), command);
        trees.giveBack(pair);
        assertThat(subject.stdout())
                .isEqualTo(reference.stdout().replace(host, RELEASE))
                .contains(RELEASE);
        assertThat(subject.stderr()).isEqualTo("5.4.99\n");
    }

    @ParameterizedTest
    @EnumSource(names = {"F1", "F2", "P1"})
    void mappedPortsAreTheGuestsOwnForIt(Mode mode, GuestTrees trees) {
        Both both = inANetwork(trees, mode, "--port=80:8080", "--port=53:5353");
        assertThat(both.subject().stdout()).isEqualTo(both.reference().stdout());
        assertThat(both.subject().end()).isEqualTo("exit 0");
        assertThat(both.reference().stderr().lines()).contains("stream 80 80 80", "datagram 53 53", "away 53");
        assertThat(both.subject().stderr().lines())
                .hasSize(11)
                .containsOnly("stream 8080 8080 8080", "datagram 5353 5353", "away 53");
    }

    @Test
    void portsOfTheRunsOwnAreAnyThatAreFree(GuestTrees trees) {
        Both both = inANetwork(trees, Mode.F1, "--netcoop");
        assertThat(both.subject().stdout()).isEqualTo(both.reference().stdout());
        assertThat(both.subject().stderr().lines().distinct())
                .hasSize(3)
                .contains("away 53")
                .doesNotContain("stream 80 80 80", "datagram 53 53");
    }

    private static void compile(String compiler, String linking, Path tree) throws IOException {
        Path source = put("foreign.c", tree);
        Path work = source.resolveSibling("foreign");
        HostTools.require(compiler, "-O1", "-pthread", "-static", "-o", work.toString(), source.toString());
        String dynamic = source.resolveSibling("dynamic").toString();
        HostTools.require(compiler, "-O1", "-pthread", linking, "-o", dynamic, source.toString());
        Files.copy(work, source.resolveSibling("-foreign"), StandardCopyOption.COPY_ATTRIBUTES);
        Path script = Files.writeString(source.resolveSibling("script.foreign"), "#!" + WORKDIR + "/foreign a word\n");
        HostTools.require("chmod", "755", script.toString());
    }

    private static void assumeTools() {
        assumeThat(HostTools.exitCode(List.of("sh", "-c", "command -v qemu-aarch64-static aarch64-linux-gnu-gcc")))
                .as("qemu-user-static and gcc-aarch64-linux-gnu are there (scripts/test-needs)")
                .isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"F1", "P1"})
    void aProgramOfAnotherProcessorDoesWhatItDoesOnItsOwn(Mode mode, GuestTrees trees) throws IOException {
        assumeTools();
        TreePair pair = trees.borrow();
        compile("gcc", "-Wl,-rpath," + WORKDIR, pair.reference());
        String loader = "-Wl,--dynamic-linker=" + WORKDIR + "/ld-linux-aarch64.so.1";
        compile("aarch64-linux-gnu-gcc", loader + ",-rpath," + WORKDIR, pair.subject());
        for (String library : List.of("libc.so.6", "ld-linux-aarch64.so.1")) {
            Files.copy(
                    CROSS.resolve(library),
                    pair.subject().resolve(WORKDIR.substring(1)).resolve(library));
        }
        List<String> command = List.of(WORKDIR + "/foreign", "all");
        GuestOutcome reference = run(trees, pair.reference(), new Confinement.RealChroot(), command);
        GuestOutcome subject = run(trees, pair.subject(), engine(mode, List.of(), "--qemu=qemu-aarch64"), command);
        GuestOutcome refused = run(trees, pair.subject(), engine(mode, List.of()), command);
        trees.giveBack(pair);
        assertThat(subject).isEqualTo(reference);
        assertThat(subject.end()).isEqualTo("exit 3");
        assertThat(refused)
                .isEqualTo(new GuestOutcome(
                        "exit 126",
                        "",
                        "coracle-engine: cannot run " + WORKDIR + "/foreign: it is a program for aarch64, and this is"
                                + " x86_64; give --qemu=qemu-aarch64-static\n"));
    }
}
