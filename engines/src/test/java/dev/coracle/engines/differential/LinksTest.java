package dev.coracle.engines.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coracle.engines.Mode;
import dev.coracle.engines.guests.Confinement;
import dev.coracle.engines.guests.EngineUnderTest;
import dev.coracle.engines.guests.GuestCommand;
import dev.coracle.engines.guests.GuestOutcome;
import dev.coracle.engines.guests.GuestTrees;
import dev.coracle.engines.guests.GuestTreesExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hard links on a host that refuses them. */
@ExtendWith(GuestTreesExtension.class)
class LinksTest {
    /** A filter that answers EPERM to link(2) and linkat(2), as Android does, and lets all else through; then the command. */
    private static final String WITHOUT_LINKS = """
            my $code = join '', map { pack 'SCCL', @$_ }
                [0x20, 0, 0, 0], [0x15, 1, 0, 86], [0x15, 0, 1, 265], [0x06, 0, 0, 0x50001], [0x06, 0, 0, 0x7fff0000];
            my $program = pack 'SxxxxxxP', 5, $code;
            syscall(157, 22, 2, $program, 0, 0) == 0 or die "filter: $!";
            exec @ARGV;
            """;

    private static final String SCRIPT = """
            mkdir links && cd links && echo text >a && chmod 640 a && chown 7:8 a && touch -d @1000000000 a
            ln a b && cat b && stat -c '%a %u:%g %Y' b
            ln -s nowhere link && ln -P link other && readlink other
            mkdir d && cd d && perl -e 'link q{../a}, q{c} or die qq{c: $!\\n}' && cat c && cd ..
            ln a b; echo "again: $?"
            ln none e; echo "none: $?"
            perl -e 'print link(q{/usr}, q{f}) ? qq{linked\\n} : qq{a directory: $!\\n}'
            mv b a && cat a && ls
            """;

    private static GuestOutcome run(GuestTrees trees, String... options) {
        Path tree = trees.borrow(GuestTrees.Side.SUBJECT);
        var engine = new Confinement.Engine(
                EngineUnderTest.program(),
                Mode.F1,
                List.of(),
                List.of("/usr/bin/perl", "-e", WITHOUT_LINKS),
                List.of(options));
        var guest = new GuestCommand(
                List.of("/bin/sh", "-c", SCRIPT), Map.of("PATH", "/usr/bin:/bin", "LANG", "C.UTF-8"), "", List.of());
        GuestOutcome outcome = trees.runner(Duration.ofMinutes(2)).run(tree, engine, guest);
        trees.discard(tree);
        return outcome;
    }

    @ParameterizedTest
    @ValueSource(strings = {"--copy-links", "--copy-links --user=0:0"})
    void aCopyStandsForALink(String options, GuestTrees trees) {
        assertThat(run(trees, options.split(" ")).stdout().lines())
                .containsExactly(
                        "text",
                        "640 7:8 1000000000",
                        "nowhere",
                        "text",
                        "again: 1",
                        "none: 1",
                        "a directory: Operation not permitted",
                        "text",
                        "a",
                        "d",
                        "link",
                        "other");
    }

    @Test
    void nobodyCopiesUnasked(GuestTrees trees) {
        GuestOutcome outcome = run(trees);
        assertThat(outcome.stderr()).contains("Operation not permitted");
        assertThat(outcome.stdout().lines()).doesNotContain("640 7:8 1000000000");
    }
}
