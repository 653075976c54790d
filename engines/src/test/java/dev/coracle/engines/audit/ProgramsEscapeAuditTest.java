package dev.coracle.engines.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.coracle.engines.Mode;
import dev.coracle.engines.guests.Confinement;
import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.GuestOutcome;
import dev.coracle.engines.guests.HostTools;
import dev.coracle.engines.guests.LambdaSandbox;
import dev.coracle.engines.guests.ProgramTree;
import dev.coracle.engines.guests.TestCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The escape audit of real programs, by the scripts of {@code programs}: an ordinary user's engine shows them that they are root, as in
 * Lambda, but without its filter, which would refuse ptrace(2) to the recorder too.
 */
@Tag("slow")
class ProgramsEscapeAuditTest {
    /** They take no path, open nothing, and are most of what programs do. */
    private static final String LEFT_OUT =
            "read,write,pread64,pwrite64,readv,writev,futex,lseek,munmap,mprotect,madvise,brk,poll,"
                    + "rt_sigaction,rt_sigprocmask,rt_sigreturn,clock_gettime,clock_nanosleep,sched_yield,epoll_wait,getrandom,"
                    + "getitimer,setitimer,getdents64,getpid,getppid,gettid,close,wait4,recvfrom,recvmsg,mmap,select,times";

    @TempDir
    private Path scratch;

    private final Path cache = TestCache.located().root();

    @BeforeEach
    void needsATreeOfProgramsAndARecorder() {
        HostTools.whyNoChroot().or(() -> ProgramTree.whyNone(cache)).ifPresent(Assumptions::abort);
        assumeThat(HostTools.find("strace")).as("strace").isPresent();
        assertThat(EngineUnderTest.program()).as("the built engine").isExecutable();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "shells, 500",
        "python, 10000",
        "multiprocessing, 1000",
        "perl, 5000",
        "git, 10000",
        "compile, 10000",
        "node, 1000",
        "java, 500",
        "go, 1000",
        "postgres, 1000",
        "servers, 200",
        "tools, 2000",
        "packages, 10000",
        "busybox, 5000",
        "musl, 1000",
        "chromium, 1000"
    })
    void noPathLeavesTheTreeUntranslated(String family, int paths) throws IOException {
        ProgramTree.whyNot(family).ifPresent(Assumptions::abort);
        HostTools.require("chmod", "711", scratch.toString());
        try (ProgramTree tree = ProgramTree.mount(cache, scratch.resolve(family), family)) {
            tree.giveToUser();
            // The table of owners is made under another name beside it.
            Path table = Files.createDirectory(tree.place().resolve("table"));
            HostTools.require("chown", LambdaSandbox.USER, tree.place().toString(), table.toString());
            Path recording = tree.place().resolve("recording");
            GuestOutcome outcome = tree.run(recorded(tree.place(), recording, table.resolve("owners")));
            assertThat(outcome.end()).as(outcome.stdout() + outcome.stderr()).isEqualTo("exit 0");
            List<String> binds = List.of("/proc", "/dev", table.toString());
            AllowedPlaces places = AllowedPlaces.of(tree.root(), binds, EngineUnderTest.program());
            EscapeAudit.Report report = EscapeAudit.of(TraceReader.in(recording), places, "/");
            assertThat(report.findings()).isEmpty();
            assertThat(report.paths()).isGreaterThan(paths);
        }
    }

    /** The recorder is started by what starts the engine, as the same user, so that only the engine is recorded. */
    private static Confinement recorded(Path place, Path recording, Path owners) throws IOException {
        String[] user = LambdaSandbox.USER.split(":", -1);
        Path start =
                Files.writeString(place.resolve("start"), """
                #!/bin/sh
                program=$1
                shift 2
                # The first run in a tree looks whether files of trees that have gone are left; the guest has no part in that.
                for word in "$@"; do
                    case $word in --root=*)
                        setpriv --reuid=%1$s --regid=%2$s --clear-groups "$program" run "$word" -- /bin/true || exit;;
                    esac
                done
                exec setpriv --reuid=%1$s --regid=%2$s --clear-groups strace --seccomp-bpf -f -qq -y -v -s 4096 -e 'trace=!%3$s' -o %4$s \\
                    "$program" run --user=0:0 --owners=%5$s "$@"
                """.formatted(user[0], user[1], LEFT_OUT, recording, owners));
        HostTools.require("chmod", "755", start.toString());
        return new Confinement.Engine(EngineUnderTest.program(), Mode.F1, List.of(), List.of(start.toString()));
    }
}
