package dev.coracle.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.coracle.engines.guests.EngineUnderTest;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the native program says to words that it cannot follow; nothing has run then, and the exit code is the engine's own. */
class CommandLineTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            run --rot=/x true                                 | unknown option --rot=/x; did you mean --root=... (see
            run --kill-on-exits true                          | unknown option --kill-on-exits; did you mean --kill-on-exit (see
            run --elephants true                              | unknown option --elephants (see coracle-engine help)
            run true                                          | no tree given; use --root=TREE
            run --root=/ --lower=/x --upper=/y true           | --root and --lower exclude each other
            run --lower=/ true                                | --lower needs an --upper=DIR
            run --upper=/x true                               | --upper needs a --lower=DIR
            run --root=/none/tree -- /bin/echo ran            | cannot use the tree /none/tree: no such file or directory
            run --root=/etc/passwd -- /bin/echo ran           | not a directory
            run --root=/ --mode=P -- /bin/echo ran            | this engine runs modes
            run --root=/ --user=me -- /bin/echo ran           | expected --user=UID:GID, got me
            run --root=/ --cwd=x -- /bin/echo ran             | --cwd must be absolute, got x
            run --root=/ --cwd=/none/x -- /bin/echo ran       | cannot enter the directory /none/x: no such file or directory
            run --root=/ --bind=/none/x:/mnt -- /bin/echo ran | cannot bind /none/x:/mnt: no such file or directory
            run --root=/ --bind=/tmp -- /bin/echo ran         | cannot bind /tmp: invalid argument
            run --root=/ --run-id=a:b -- /bin/echo ran        | --run-id must not hold a colon: a:b
            run --root=/ --env==x -- /bin/echo ran            | expected --env=NAME=VALUE, got --env==x
            run --root=/ --timeout=0 -- /bin/echo ran         | expected --timeout=SECONDS, a whole number, got 0
            run --root=/                                      | no command given; it comes after --
            index                                             | no tree given; use index TREE
            go                                                | expected run, proot, index, check,
            """)
    void wordsThatMakeNoSenseAreAnswered(String words, String answer) throws Exception {
        assumeThat(EngineUnderTest.program()).isExecutable();
        Path said = directory.resolve("said");
        Path complained = directory.resolve("complained");
        var builder = new ProcessBuilder(EngineUnderTest.program().toString());
        builder.command().addAll(Arrays.asList(words.split(" ", -1)));
        Process process = builder.redirectOutput(said.toFile())
                .redirectError(complained.toFile())
                .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("it ends").isTrue();
        assertThat(said).isEmptyFile();
        assertThat(complained).content().startsWith("coracle-engine: ").contains(answer);
        assertThat(process.exitValue()).isEqualTo(125);
    }
}
