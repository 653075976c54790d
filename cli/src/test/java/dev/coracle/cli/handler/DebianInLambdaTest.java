package dev.coracle.cli.handler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coracle.cli.lambda.Invocation;
import dev.coracle.cli.lambda.LambdaSettings;
import dev.coracle.cli.lambda.LambdaVariables;
import dev.coracle.cli.lambda.SandboxKind;
import dev.coracle.layers.build.ScratchDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

    private static final String MULTIPROCESSING = """
            import multiprocessing, os
            from multiprocessing import shared_memory
            def locked(lock, total, queue, word):
                for _ in range(100):
                    with lock:
                        total.value += 1
                queue.put(word)
            def square(n):
                return n * n
            def write(name):
                other = shared_memory.SharedMemory(name=name)
                other.buf[0] = 42
                other.close()
            before = os.listdir("/dev/shm")
            lock, total, queue = multiprocessing.Lock(), multiprocessing.Value("i", 0, lock=False), multiprocessing.Queue()
            workers = [multiprocessing.Process(target=locked, args=(lock, total, queue, word)) for word in "abc"]
            [w.start() for w in workers]
            words = sorted(queue.get() for _ in workers)
            [w.join() for w in workers]
            assert total.value == 300, total.value
            with multiprocessing.Pool(2) as pool:
                squares = pool.map(square, range(4))
            memory = shared_memory.SharedMemory(create=True, size=4096)
            writer = multiprocessing.Process(target=write, args=(memory.name,))
            writer.start()
            writer.join()
            value, seen = memory.buf[0], os.path.exists("/dev/shm/" + memory.name)
            memory.close()
            memory.unlink()
            event = multiprocessing.Event()
            event.set()
            print(before, len(squares), squares, words, "shared", value, seen, os.listdir("/dev/shm"), event.wait(1))
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

    /** The script must not hold the word it looks for. */
    @Test
    void noMemoryThatTheGuestCanReadHoldsTheFunctionsCredentials() {
        String backwards =
                new StringBuilder(LambdaVariables.SECRET_KEY).reverse().toString();
        ObjectNode event = Function.script("");
        event.putArray("command").add("python3").add("-c").add("""
                import glob, os, re, sys
                word, read = sys.argv[1][::-1].encode(), []
                for process in map(int, (name for name in os.listdir("/proc") if name.isdigit())):
                    try:
                        maps = open(f"/proc/{process}/maps").read()
                        memory = open(f"/proc/{process}/mem", "rb", 0)
                    except PermissionError:
                        continue
                    for start, end in re.findall("^([0-9a-f]+)-([0-9a-f]+) rw", maps, re.M) if process != os.getpid() else []:
                        try:
                            memory.seek(int(start, 16))
                            found = word in memory.read(int(end, 16) - int(start, 16))
                        except (OSError, OverflowError):
                            continue
                        read.append(process)
                        if found:
                            print("found in", process)
                print(1 in read)
                """).add(backwards);

        JsonNode answer = function.answer(event);

        assertThat(answer.get("stderr").asText()).isEmpty();
        assertThat(answer.get("stdout").asText()).isEqualTo("True\n");
    }

    /** Agents that keep keys do this: the kernel then shows their environment, and so the mark of the run, to root only. */
    @Test
    void aDaemonThatHidesItselfIsKilledLikeAnyOther() {
        ObjectNode event = Function.script("");
        event.putArray("command").add("python3").add("-c").add("""
                import ctypes, os, time
                print(ctypes.CDLL(None).prctl(4, 0, 0, 0, 0), flush=True)
                if os.fork() == 0:
                    os.setsid()
                    [os.close(fd) for fd in range(3)]
                    time.sleep(300)
                """);

        assertThat(function.answer(event).get("stdout").asText()).isEqualTo("0\n");
        JsonNode later = function.run("grep -l 'import c[t]ypes' /proc/[0-9]*/cmdline; true");
        assertThat(later.get("stdout").asText()).isEmpty();
    }

    @Test
    void aDiskThatTheCommandFilledStillTakesHowItEnded() {
        JsonNode answer = function.run("head -c 2G /dev/zero >/fill 2>/dev/null; exit 7");
        function.run("rm -f /fill");

        assertThat(answer.get("exitCode").asInt()).isEqualTo(7);
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
    void pythonsMultiprocessingHasItsLocksQueuesPoolsAndSharedMemory() {
        ObjectNode event = Function.script("");
        event.putArray("command").add("python3").add("-c").add(MULTIPROCESSING);

        for (int i = 0; i < 2; i++) {
            JsonNode answer = function.answer(event);

            assertThat(answer.get("stderr").asText()).isEmpty();
            assertThat(answer.get("stdout").asText())
                    .isEqualTo("[] 4 [0, 1, 4, 9] ['a', 'b', 'c'] shared 42 True [] True\n");
        }
    }

    @Test
    void bashComparesTwoCommandsAndSeesNothingOfTheEngine() {
        ObjectNode event = Function.script("");
        event.putArray("command").add("bash").add("-c").add("""
                diff <(printf 'a\\nb\\n') <(printf 'a\\nc\\n'); cat <(cat <(echo nested)) /dev/fd/0
                readlink /dev/fd /dev/stdin; test -L /dev/fd && test -d /dev/fd/ && echo there
                ls /proc/self/fd | tr '\\n' ' '
                grep -c coracle /proc/self/maps /proc/self/mounts /proc/self/environ
                awk '$2 == "/proc" { print $1, $3 }' /proc/mounts
                """);

        JsonNode answer = function.answer(event.put("stdin", "given\n"));

        assertThat(answer.get("stderr").asText()).isEmpty();
        assertThat(answer.get("stdout").asText()).isEqualTo("""
                        2c2
                        < b
                        ---
                        > c
                        nested
                        given
                        /proc/self/fd
                        /proc/self/fd/0
                        there
                        0 1 2 3 /proc/self/maps:0
                        /proc/self/mounts:0
                        /proc/self/environ:0
                        proc proc
                        """);
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
            killRuntime(work.path());
            assertThat(first.get(30, TimeUnit.SECONDS).outcome().payload()).contains("Runtime.ExitError");
            assertThat(names(trees)).hasSize(2).allMatch(name -> name.startsWith("."));

            JsonNode answer = crashing.run("cat /etc/debian_version");

            assertThat(answer.get("stdout").asText()).startsWith("12");
            assertThat(answer.get("coldStart").asBoolean()).isTrue();
            assertThat(answer.at("/engine/reason").asText()).contains("patched in its layer");
            assertThat(names(trees))
                    .anyMatch(name -> name.matches("[0-9a-f]{64}"))
                    .noneMatch(name -> name.startsWith(".unpacking-"));
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

    /** The function that works in this directory is known by its environment, which root may read. */
    private static void killRuntime(Path work) {
        try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
            List<ProcessHandle> runtime =
                    processes.filter(process -> worksIn(process, work)).toList();
            assertThat(runtime).hasSize(1).allMatch(ProcessHandle::destroyForcibly);
        }
    }

    private static boolean worksIn(ProcessHandle process, Path work) {
        try {
            return Files.readString(
                            Path.of("/proc", String.valueOf(process.pid()), "environ"), StandardCharsets.ISO_8859_1)
                    .contains("CORACLE_WORK=" + work + "\0");
        } catch (IOException e) {
            return false;
        }
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
