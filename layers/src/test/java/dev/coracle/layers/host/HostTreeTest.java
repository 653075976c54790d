package dev.coracle.layers.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coracle.layers.Architecture;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.Progress;
import dev.coracle.layers.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostTreeTest {
    private static final List<Path> PATH = List.of(Path.of("/usr/bin"), Path.of("/bin"), Path.of("/usr/sbin"));

    @TempDir
    Path temp;

    @Test
    void aFewToolsRunUnderChroot() throws Exception {
        Shell.needsRoot();
        Path tree = copy("sh", "ls", "cat", "sort", "sha256sum");
        String script = "cd /tmp; for i in c a b; do echo $i > $i; done; ls; cat a b c | sort -r | sha256sum";
        Path here = Files.createDirectory(temp.resolve("here"));
        String expected = Shell.run(here, script.replace("cd /tmp;", ""));
        assertThat(Shell.run(temp, "chroot " + tree + " /bin/sh -c '" + script + "'"))
                .isEqualTo(expected);
    }

    @Test
    void scriptsBringTheirInterpreter() throws Exception {
        Shell.needsRoot();
        Path script = temp.resolve("hello");
        Files.writeString(script, "#!/usr/bin/env -S bash\necho hello from $0\n");
        Shell.run(temp, "chmod +x hello");
        Path tree = copy(script.toString());
        assertThat(Shell.run(temp, "chroot " + tree + " " + script)).isEqualTo("hello from " + script + "\n");
    }

    @Test
    void perlAndPythonBringWhatTheyReadAtRunTime() throws Exception {
        Shell.needsRoot();
        Shell.needs("/usr/bin/python3");
        Shell.needs("/usr/bin/perl");
        Path tree = copy("/usr/bin/python3", "/usr/bin/perl");
        String python = "import ssl, sqlite3, json, subprocess; print(json.dumps([1]))";
        assertThat(Shell.run(temp, "chroot " + tree + " /usr/bin/python3 -c '" + python + "'"))
                .isEqualTo("[1]\n");
        Files.createFile(tree.resolve("dev/null"));
        assertThat(Shell.run(temp, "chroot " + tree + " /usr/bin/perl -MList::Util=sum -e 'print sum(1..4)'"))
                .isEqualTo("10");
    }

    @Test
    void librariesAreFoundAlongRpathAndRunpath() throws Exception {
        Shell.needsRoot();
        Shell.needs("gcc");
        Shell.run(temp, """
                mkdir -p app/bin app/lib app/deep
                echo 'int deep(void) { return 40; }' | gcc -shared -fPIC -o app/deep/libdeep.so -x c -
                echo 'int deep(void); int mine(void) { return deep() + 2; }' | gcc -shared -fPIC -o app/lib/libmine.so -x c - -Lapp/deep -ldeep
                echo 'int mine(void); int main(void) { return mine(); }' > m.c
                gcc -o app/bin/new m.c -Lapp/lib -lmine -Wl,--enable-new-dtags,-rpath,'$ORIGIN/../lib' -Wl,--allow-shlib-undefined
                gcc -o app/bin/old m.c -Lapp/lib -lmine -Wl,--disable-new-dtags,-rpath,'$ORIGIN/../lib:${ORIGIN}/../deep' -Wl,--allow-shlib-undefined
                """);
        Path tree = copy(temp + "/app/bin/old");
        // The loader knows $ORIGIN from /proc, which a bare chroot does not have: so it is told the directories.
        String told = "LD_LIBRARY_PATH=" + temp + "/app/lib:" + temp + "/app/deep chroot ";
        assertThat(Shell.run(temp, told + tree + " " + temp + "/app/bin/old || echo $?"))
                .isEqualTo("42\n");
        // DT_RUNPATH is not handed on to the libraries of libraries.
        assertThatThrownBy(() -> HostTree.copy(
                        List.of(temp + "/app/bin/new"),
                        PATH,
                        Architecture.X86_64,
                        Files.createDirectory(temp.resolve("second")),
                        Progress.Step.UNHEARD))
                .hasMessageContaining("needs the library libdeep.so");
    }

    @Test
    void aDynamicMuslProgramRuns() throws Exception {
        Shell.needsRoot();
        Shell.needs("musl-gcc");
        Shell.run(temp, "echo 'int main(void) { return 7; }' > m.c; musl-gcc -o musl m.c");
        Path tree = copy(temp + "/musl");
        assertThat(Shell.run(temp, "chroot " + tree + " " + temp + "/musl || echo $?"))
                .isEqualTo("7\n");
    }

    @Test
    void theSameProgramsInAnotherOrderGiveTheSameTree() throws Exception {
        Path first = copy("sh", "ls", "bash");
        String description = Shell.describe(first);
        Shell.run(temp, "rm -r tree");
        assertThat(Shell.describe(copy("bash", "sh", "ls"))).isEqualTo(description);
    }

    @Test
    void aMissingProgramIsNamed() {
        assertThatThrownBy(() -> copy("sh", "no-such-program"))
                .isInstanceOfSatisfying(
                        LayerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND))
                .hasMessageContaining("find the program no-such-program");
    }

    @Test
    void aProgramOfAnotherProcessorIsRefused() throws Exception {
        Path tree = Files.createDirectory(temp.resolve("tree"));
        assertThatThrownBy(() -> HostTree.copy(List.of("sh"), PATH, otherArchitecture(), tree, Progress.Step.UNHEARD))
                .hasMessageContaining("it is not a program for " + otherArchitecture());
    }

    private static Architecture otherArchitecture() {
        Architecture own = Architecture.parse(System.getProperty("os.arch"));
        return own == Architecture.X86_64 ? Architecture.AARCH64 : Architecture.X86_64;
    }

    private Path copy(String... programs) throws Exception {
        Path tree = Files.createDirectory(temp.resolve("tree"));
        Architecture own = Architecture.parse(System.getProperty("os.arch"));
        HostTree.copy(Arrays.asList(programs), PATH, own, tree, Progress.Step.UNHEARD);
        return tree;
    }
}
