package dev.coracle.engines.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coracle.engines.Mode;
import dev.coracle.engines.guests.Confinement;
import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.GuestCommand;
import dev.coracle.engines.guests.GuestOutcome;
import dev.coracle.engines.guests.GuestTrees;
import dev.coracle.engines.guests.GuestTreesExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code --synthesise}: files of /etc that have what the guest's user needs, over a tree that stays as it is. */
@ExtendWith(GuestTreesExtension.class)
class SynthesisedFilesTest {
    private static final String FILES = "passwd,group,hosts,resolv.conf";

    /** Runs a script as that user, in a tree that only the second script has changed. */
    private static GuestOutcome run(GuestTrees trees, String options, Change before, String script) throws IOException {
        Path tree = trees.borrow(GuestTrees.Side.SUBJECT);
        TreeSnapshot fresh = TreeSnapshot.of(tree);
        before.in(tree.resolve("etc"));
        TreeSnapshot asItWas = TreeSnapshot.of(tree);
        String start = "program=$1; shift 2; exec \"$program\" run " + options + " \"$@\"";
        var engine = new Confinement.Engine(
                EngineUnderTest.program(), Mode.F1, List.of(), List.of("/bin/sh", "-c", start, "sh"));
        var guest = new GuestCommand(
                List.of("/bin/sh", "-c", script), Map.of("PATH", "/usr/bin:/bin", "HOME", "/home/own"), "", List.of());
        GuestOutcome outcome = trees.runner(Duration.ofMinutes(2)).run(tree, engine, guest);
        TreeSnapshot after = TreeSnapshot.of(tree);
        if (TreeRepair.repair(trees, GuestTrees.Side.SUBJECT, tree, TreeChanges.between(fresh, after))) {
            trees.giveBack(GuestTrees.Side.SUBJECT, tree);
        } else {
            trees.discard(tree);
        }
        assertThat(TreeChanges.between(asItWas, after).lines())
                .as("what changed in the tree")
                .isEmpty();
        return outcome;
    }

    private interface Change {
        void in(Path etc) throws IOException;
    }

    @Test
    void aUserWhoIsNotInTheTreeHasANameAndAHome(GuestTrees trees) throws IOException {
        String script = """
                whoami; id; cd ~; getent passwd 4321; getent group 4322; getent passwd root; getent group root
                wc -l </etc/passwd; wc -l </etc/group
                """;
        GuestOutcome outcome = run(
                trees,
                "--user=4321:4322 --synthesise=" + FILES,
                etc -> {
                    // The last line has no end.
                    Files.writeString(etc.resolve("passwd"), "root:x:0:0:root:/root:/bin/sh");
                    Files.writeString(etc.resolve("group"), "root:x:0:\nother:x:7:4322\n");
                },
                script);
        assertThat(outcome.stdout().lines())
                .as(outcome.stderr())
                .containsExactly(
                        "user4321",
                        "uid=4321(user4321) gid=4322(group4322) groups=4322(group4322)",
                        "user4321:x:4321:4322::/home/own:/bin/sh",
                        "group4322:x:4322:",
                        "root:x:0:0:root:/root:/bin/sh",
                        "root:x:0:",
                        "2",
                        "3");
    }

    @Test
    void theHostHasItsNameAndItsResolver(GuestTrees trees) throws IOException {
        GuestOutcome outcome = run(
                trees,
                "--synthesise=" + FILES,
                etc -> {
                    Files.writeString(etc.resolve("hosts"), "192.0.2.7 elsewhere localhostess\n");
                    Files.writeString(etc.resolve("resolv.conf"), "nameserver 192.0.2.1\n");
                },
                "cat /etc/hosts; echo; cat /etc/resolv.conf");
        String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        String[] shown = outcome.stdout().split("\n\n", 2);
        assertThat(shown[0].lines())
                .as(outcome.stderr())
                .startsWith("192.0.2.7 elsewhere localhostess", "127.0.0.1\tlocalhost")
                .anyMatch(line -> List.of(line.split("\\s+", -1)).contains(name));
        Path resolver = Path.of("/etc/resolv.conf");
        assertThat(shown[1]).isEqualTo(Files.exists(resolver) ? Files.readString(resolver) : "nameserver 192.0.2.1\n");
    }

    @Test
    void aFileThatHasItAllIsTheTreesOwn(GuestTrees trees) throws IOException {
        GuestOutcome outcome = run(
                trees,
                "--user=0:0 --synthesise=passwd,group",
                etc -> {
                    Files.writeString(etc.resolve("passwd"), "me:x:0:0::/:/bin/sh\n");
                    Files.writeString(etc.resolve("group"), "us:x:0:\n");
                },
                "id -un; id -gn; grep -c /etc/ /proc/self/mounts");
        assertThat(outcome.stdout()).as(outcome.stderr()).isEqualTo("me\nus\n0\n");
    }

    @Test
    void aFileThatNobodyCanMakeIsRefused(GuestTrees trees) throws IOException {
        GuestOutcome outcome = run(trees, "--synthesise=passwd,shadow", etc -> {}, "echo ran");
        assertThat(outcome.end()).isEqualTo("exit 125");
        assertThat(outcome.stdout()).isEmpty();
        assertThat(outcome.stderr()).contains("shadow");
    }
}
