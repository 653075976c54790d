package dev.coracle.engines.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.coracle.engines.ApptainerEngine;
import dev.coracle.engines.Bind;
import dev.coracle.engines.Engine;
import dev.coracle.engines.EngineChoice;
import dev.coracle.engines.EngineProgram;
import dev.coracle.engines.HostTree;
import dev.coracle.engines.InProcessEngine;
import dev.coracle.engines.Launch;
import dev.coracle.engines.Mode;
import dev.coracle.engines.OciEngine;
import dev.coracle.engines.PreparedRun;
import dev.coracle.engines.RunId;
import dev.coracle.engines.container.IdMaps;
import dev.coracle.engines.container.OciRuntime;
import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.HostTools;
import dev.coracle.engines.host.Capabilities;
import dev.coracle.engines.host.Capability;
import dev.coracle.engines.host.ShortCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** In hosts that refuse one thing or another the probe tells the truth, the table answers, and its answer runs a command. */
@Timeout(240)
class SelectionTest {
    private static final String MACHINE = "x86_64";
    private static final int ORDINARY = 1000;
    private static final Wishes STRICT = new Wishes(Optional.empty(), true, false);
    private static final Tree PLAIN = Tree.of(MACHINE);
    private static final Tree SMALL = new Tree(MACHINE, Optional.of("/bin/old"), Optional.empty());

    @TempDir
    Path place;

    private Path runc = Path.of("/none");
    private Path tree = Path.of("/none");
    private EngineProgram program = new EngineProgram(Path.of("/none"), "none");

    @BeforeEach
    void build() throws IOException {
        assumeTrue(
                HostTools.whyNoChroot().isEmpty() && HostTools.find("runc").isPresent(),
                "made-up hosts need root and runc: run scripts/test-needs");
        runc = HostTools.find("runc").orElseThrow();
        tree = HostTree.make(place.resolve("tree"));
        program = new EngineProgram(
                Files.copy(EngineUnderTest.program(), place.resolve("coracle-engine")), "the one under test");
        HostTools.require(program.path().toString(), "index", tree.toString());
        HostTools.require("chmod", "755", place.toString());
    }

    @Test
    void everythingIsAllowed() throws IOException {
        MadeUpHost host = new MadeUpHost(place, 0, List.of());
        Capabilities found = probe(host);
        assertThat(found.answers().values()).as("%s", found.answers()).containsOnly("yes");
        assertThat(picked(host, found, PLAIN, Wishes.NONE)).isEqualTo(Mode.F3);
        assertThat(picked(host, found, PLAIN, STRICT)).isEqualTo(Mode.F4);
        assertThat(picked(host, found, SMALL, Wishes.NONE)).isEqualTo(Mode.R1);
        assertThat(picked(host, found, PLAIN, Wishes.mode(Mode.P1))).isEqualTo(Mode.P1);
    }

    /** As Docker's own profile does for an ordinary user: no namespaces, no mounts; filters and tracing are allowed. */
    @Test
    void aContainerOfDocker() throws IOException {
        MadeUpHost host = new MadeUpHost(
                place,
                ORDINARY,
                List.of("unshare=1", "setns=1", "mount=1", "io_uring_setup=1", "keyctl=1", "open_tree=1"));
        Capabilities found = probe(host);
        assertThat(refusedIn(found))
                .containsExactlyInAnyOrder(
                        Capability.USER_NAMESPACES,
                        Capability.CONTAINER,
                        Capability.MOUNT,
                        Capability.CHROOT,
                        Capability.IO_URING);
        assertThat(picked(host, found, SMALL, Wishes.NONE)).isEqualTo(Mode.P1);
        assertThat(picked(host, found, PLAIN, STRICT)).isEqualTo(Mode.F4);
        assertThat(picked(host, found, PLAIN, Wishes.mode(Mode.P2))).isEqualTo(Mode.P2);
    }

    /** A kernel that is written anew and lacks the younger calls. */
    @Test
    void aHostLikeGvisor() throws IOException {
        MadeUpHost host = new MadeUpHost(
                place,
                ORDINARY,
                List.of("openat2=38", "io_uring_setup=38", "unshare=1", "mount=1", "process_vm_readv=38", "statx=38"));
        Capabilities found = probe(host);
        assertThat(refusedIn(found)).contains(Capability.OPENAT2, Capability.PEER_MEMORY, Capability.CONTAINER);
        assertThat(found.why(Capability.OPENAT2)).isEqualTo("openat2: not known to this kernel");
        assertThat(picked(host, found, PLAIN, Wishes.NONE)).isEqualTo(Mode.F3);
        assertThat(picked(host, found, PLAIN, STRICT)).isEqualTo(Mode.F4);
    }

    @Test
    void aHostWithoutFiltersAndOneWithoutTracingEither() throws IOException {
        MadeUpHost host = new MadeUpHost(place, ORDINARY, List.of("seccomp=38"));
        Capabilities found = probe(host);
        assertThat(refusedIn(found)).contains(Capability.SECCOMP_FILTER, Capability.SECCOMP_NOTIFICATION);
        assertThat(picked(host, found, PLAIN, STRICT)).isEqualTo(Mode.P2);

        MadeUpHost harder = new MadeUpHost(place, ORDINARY, List.of("seccomp=1", "ptrace=1"));
        Capabilities left = probe(harder);
        assertThat(refusedIn(left)).contains(Capability.PTRACE);
        assertThat(picked(harder, left, PLAIN, STRICT)).isEqualTo(Mode.F3);
    }

    /** A batch node: no user namespaces, but a set-user-id Apptainer, which is made up here. */
    @Test
    void aBatchNodeWithoutUserNamespaces() throws IOException {
        MadeUpHost host = new MadeUpHost(place, ORDINARY, List.of("unshare=1", "mount=1"));
        Capabilities found = probe(host);
        assertThat(refusedIn(found)).contains(Capability.USER_NAMESPACES, Capability.CONTAINER);
        Path apptainer = Files.writeString(place.resolve("apptainer"), """
                #!/bin/sh
                while [ "$1" != /.coracle/engine ]; do
                    case $1 in *:/.coracle/status) status=${1%%:*} ;; esac
                    shift
                done
                shift 3
                exec %s init --status="$status" "$@"
                """.formatted(program.path()));
        HostTools.require("chmod", "755", apptainer.toString());
        Host described = new Host(MACHINE, false, found, Optional.empty(), Optional.of(apptainer));
        assertThat(run(host, described, SMALL, Wishes.NONE)).isEqualTo(Mode.S1);
        assertThat(picked(host, found, PLAIN, Wishes.NONE)).isEqualTo(Mode.F3);
    }

    @Test
    void lambda() throws IOException {
        Path sandbox = place.resolve("lambda.pl");
        try (var text = EngineUnderTest.class.getResourceAsStream("lambda.pl")) {
            Files.write(sandbox, text.readAllBytes());
        }
        List<String> before = List.of(
                "unshare", "--mount", "--pid", "--fork", "--mount-proc", "perl", sandbox.toString(), place.toString());
        Capabilities found =
                Capabilities.parse(output(before, List.of(program.path().toString(), "probe")));
        assertThat(refusedIn(found))
                .contains(
                        Capability.PTRACE,
                        Capability.SECCOMP_FILTER,
                        Capability.NO_NEW_PRIVILEGES,
                        Capability.CHROOT,
                        Capability.USER_NAMESPACES);
        assertThat(found.why(Capability.COMPAT_CALLS)).isEqualTo("compat-calls: killed by signal 31");
        Host host =
                new Host(MACHINE, false, found, OciRuntime.find(List.of(runc.resolveSibling(""))), Optional.empty());
        EngineChoice choice = ((Choice.Modes) ChoiceTable.choose(host, SMALL, STRICT)).best();
        assertThat(choice.mode()).isEqualTo(Mode.F3);
        assertThat(choice.reason()).contains("/bin/old", "goes past the engine");
        try (PreparedRun run = prepare(choice, host)) {
            assertThat(output(before, run.commandLine())).isEqualTo("it runs\n");
        }
    }

    private static String output(List<String> before, List<String> command) throws IOException {
        List<String> line = new ArrayList<>(before);
        line.addAll(command);
        return ShortCommand.run(line, Duration.ofMinutes(2)).output();
    }

    private Capabilities probe(MadeUpHost host) throws IOException {
        ShortCommand answer = host.run(runc, List.of(program.path().toString(), "probe"));
        assertThat(answer.code()).as(answer.output()).isZero();
        return Capabilities.parse(answer.output());
    }

    private static List<Capability> refusedIn(Capabilities capabilities) {
        return capabilities.answers().keySet().stream()
                .filter(each -> !capabilities.has(each))
                .toList();
    }

    /** The mode that the table picks, with runc installed, after it has run a command. */
    private Mode picked(MadeUpHost host, Capabilities found, Tree facts, Wishes wishes) throws IOException {
        Optional<OciRuntime> runtime = Optional.of(OciRuntime.of(OciRuntime.Kind.RUNC, runc));
        return run(host, new Host(MACHINE, host.user() == 0, found, runtime, Optional.empty()), facts, wishes);
    }

    private Mode run(MadeUpHost host, Host described, Tree facts, Wishes wishes) throws IOException {
        EngineChoice choice = ((Choice.Modes) ChoiceTable.choose(described, facts, wishes)).best();
        try (PreparedRun run = prepare(choice, described)) {
            ShortCommand ended = host.run(runc, run.commandLine());
            assertThat(ended.output()).as("%s", choice).isEqualTo("it runs\n");
            assertThat(ended.code()).isZero();
        }
        return choice.mode();
    }

    private PreparedRun prepare(EngineChoice choice, Host host) throws IOException {
        Path directory = Files.createTempDirectory(place, "run");
        PreparedRun run = engine(choice, host).prepare(launch(), RunId.random(), directory.resolve("status"));
        HostTools.require("chmod", "-R", "a+rwX", directory.toString());
        return run;
    }

    private Launch launch() {
        List<Bind> binds = new ArrayList<>(HostTree.programs());
        binds.add(Bind.writable(Path.of("/proc"), "/proc"));
        return new Launch(
                tree,
                binds,
                "/",
                Map.of("PATH", "/usr/bin:/bin"),
                Optional.empty(),
                List.of("sh", "-c", "echo it runs"));
    }

    private Engine engine(EngineChoice choice, Host host) throws IOException {
        return switch (choice.mode()) {
            case F1, F2, F3, F4, P1, P2 -> new InProcessEngine(program, choice);
            case R1, R2, R3 ->
                new OciEngine(host.runtime().orElseThrow(), program, choice, IdMaps.ofThisProcess(), false);
            case S1 -> new ApptainerEngine(host.apptainer().orElseThrow(), program, choice);
        };
    }
}
