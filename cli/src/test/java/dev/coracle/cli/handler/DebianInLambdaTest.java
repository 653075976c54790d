package dev.coracle.cli.handler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coracle.cli.lambda.Invocation;
import dev.coracle.cli.lambda.LambdaSettings;
import dev.coracle.cli.lambda.SandboxKind;
import dev.coracle.layers.build.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole Debian 12 as an image: large enough that unpacking it can fail, run out of space, or be interrupted. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DebianInLambdaTest {
    private static final String PYTHON = """
            import ssl, sqlite3, subprocess, threading, sys
            database = sqlite3.connect("/tmp/db.sqlite")
            database.execute("create table if not exists t(n)")
            database.executemany("insert into t values(?)", [(n,) for n in range(100)])
            database.commit()
            total = []
            threads = [threading.Thread(target=lambda n=n: total.append(n * n)) for n in range(20)]
            [t.start() for t in threads]
            [t.join() for t in threads]
            words = ["printf 'c\\\\nb\\\\na\\\\nb\\\\n'", "sort", "uniq -c", "tr -d ' '"]
            feed, stages = None, []
            for word in words:
                stage = subprocess.Popen(["sh", "-c", word], stdin=feed, stdout=subprocess.PIPE)
                feed = stage.stdout
                stages.append(stage)
            lines = stages[-1].communicate()[0].decode().split()
            print(ssl.OPENSSL_VERSION.split()[0], database.execute("select count(*) from t").fetchone()[0],
                  sum(total), lines, [s.wait() for s in stages], open("/etc/debian_version").read()[:2])
            """;

    @TempDir
    private Path directory;

    private List<Path> layers;
    private LambdaSettings settings;
    private Function function;

    @BeforeAll
    void startTheFunction(@TempDir Path builds) {
        settings = Function.settings(List.of());
        RealLayers built = new RealLayers(builds);
        layers = List.of(built.tools(), built.debian());
        settings = settings.withLayers(layers).withTmpMegabytes(600);
        function = Function.start(settings);
    }

    @AfterAll
    void endTheFunction() {
        if (function != null) {
            function.close();
        }
    }

    @Test
    void pythonRunsWithItsLibrariesThreadsAndAPipeline() {
        ObjectNode event = Function.script("");
        event.putArray("command").add("python3").add("-c").add(PYTHON);

        JsonNode answer = function.answer(event);

        assertThat(answer.get("stderr").asText()).isEmpty();
        assertThat(answer.get("stdout").asText()).isEqualTo("OpenSSL 100 2470 ['1a', '2b', '1c'] [0, 0, 0, 0] 12\n");
    }

    @Test
    void thePlacesInDevThatLambdaLacksAreThere() {
        ObjectNode event = Function.script("");
        event.putArray("command").add("bash").add("-c").add("""
                cat <(echo substituted); cat /dev/stdin; echo printed >/dev/stdout; echo lost >/dev/null
                head -c 2 /dev/zero | wc -c; stat -c %F /dev/null
                python3 -c 'import multiprocessing; print(sum(multiprocessing.Pool(3).map(abs, range(-4, 0))))'
                """);

        JsonNode answer = function.answer(event.put("stdin", "given\n"));

        assertThat(answer.get("stderr").asText()).isEmpty();
        assertThat(answer.get("stdout").asText())
                .isEqualTo("substituted\ngiven\nprinted\n2\ncharacter special file\n10\n");
    }

    @Test
    void unpacksOnceAndIsFastWhenWarm() throws IOException {
        function.run("true");
        String before = trees();

        JsonNode warm = function.run("perl -e 'print 6 * 7'; bash -c 'echo $BASH_VERSION' | wc -l");

        assertThat(warm.get("stdout").asText()).isEqualTo("421\n");
        assertThat(warm.get("coldStart").asBoolean()).isFalse();
        assertThat(warm.at("/timingsMs/unpack").asInt()).isLessThan(100);
        assertThat(trees()).isEqualTo(before);
    }

    @Test
    void tooLittleSpaceIsSaidBeforeAnythingIsUnpacked() throws IOException {
        try (Function small = Function.start(settings.withTmpMegabytes(128))) {
            JsonNode failure = small.failure("{\"command\":[\"true\"]}");

            assertThat(failure.get("errorMessage").asText())
                    .contains("debian", "/tmp/coracle/trees", "MB are free", "ephemeral storage");
            assertThat(names(small.file("/tmp/coracle/trees"))).containsExactly(".lock");
        }
    }

    @Test
    void aCrashWhileUnpackingLeavesNothingThatLooksFinished() throws Exception {
        try (ScratchDirectory work = ScratchDirectory.in(directory);
                Function crashing = Function.start(settings.withSandbox(SandboxKind.NONE)
                        .withVariable("CORACLE_WORK", work.path().toString()));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Invocation> first = threads.submit(() -> crashing.invoke("{\"command\":[\"true\"]}"));
            Path trees = work.path().resolve("trees");
            awaitUnpacking(trees);
            killRuntime();
            assertThat(first.get(30, TimeUnit.SECONDS).outcome().payload()).contains("Runtime.ExitError");
            assertThat(names(trees)).hasSize(2).allMatch(name -> name.startsWith("."));

            JsonNode answer = crashing.run("cat /etc/debian_version");

            assertThat(answer.get("stdout").asText()).startsWith("12");
            assertThat(answer.get("coldStart").asBoolean()).isTrue();
            assertThat(names(trees)).hasSize(2).anyMatch(name -> name.matches("[0-9a-f]{64}"));
        }
    }

    private String trees() throws IOException {
        Path trees = function.file("/tmp/coracle/trees");
        String tree = names(trees).stream()
                .filter(name -> !name.startsWith("."))
                .findFirst()
                .orElseThrow();
        return tree + " " + Files.getAttribute(trees.resolve(tree), "unix:ino");
    }

    /** Waits until the archive is being unpacked: a part of it is there. */
    private static void awaitUnpacking(Path trees) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (System.nanoTime() < deadline) {
            if (names(trees).stream().anyMatch(name -> name.startsWith(".unpacking-") && hasUsr(trees, name))) {
                return;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("unpacking did not begin: " + names(trees));
    }

    private static boolean hasUsr(Path trees, String name) {
        return Files.isDirectory(trees.resolve(name).resolve("usr/bin"));
    }

    private static void killRuntime() {
        ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().commandLine().orElse("").contains("java -XX:MaxHeapSize"))
                .filter(process -> !process.info().commandLine().orElse("").contains("/var/runtime"))
                .forEach(ProcessHandle::destroyForcibly);
    }

    private static List<String> names(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
