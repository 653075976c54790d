package dev.coracle.engines.guests;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Debian trees with the test programs inside, copied from the cache for this run and handed out in pairs. Thread safe; a pair
 * belongs to one thread from {@link #borrow} to {@link #giveBack}.
 */
public final class GuestTrees implements AutoCloseable {
    /** Where the test programs are, seen from inside. */
    public static final String PROGRAMS = "/opt/guests";

    private final Path scratch;
    private final Path base;
    private final Path starter;
    private final ConcurrentLinkedQueue<TreePair> idle = new ConcurrentLinkedQueue<>();
    private final AtomicInteger copies = new AtomicInteger();

    private GuestTrees(Path scratch) {
        this.scratch = scratch;
        this.base = scratch.resolve("base");
        this.starter = scratch.resolve("starter.pl");
    }

    /** Copies the cached tree and adds the test programs. */
    public static GuestTrees prepare(TestCache cache) {
        try {
            Path place = Path.of(System.getProperty("coracle.test.scratch", System.getProperty("java.io.tmpdir")));
            GuestTrees trees = new GuestTrees(
                    Files.createTempDirectory(place, "coracle-trees").toRealPath());
            cache.copyDebianTo(trees.base);
            Files.createDirectories(trees.base.resolve("mnt/data"));
            GuestPrograms.install(trees.base, cache);
            Files.createDirectories(trees.hostOnlyFile().getParent());
            Files.writeString(trees.hostOnlyFile(), "only the host has this\n");
            try (InputStream script = GuestTrees.class.getResourceAsStream("starter.pl")) {
                Files.copy(Objects.requireNonNull(script, "starter.pl"), trees.starter);
            }
            return trees;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file that exists on the host and in no tree. */
    public Path hostOnlyFile() {
        return scratch.resolve("host-only/file");
    }

    /** A directory for what a test leaves for people to look at. */
    public Path scratch() {
        return scratch;
    }

    /** Says whether a program was put into the trees. */
    public boolean hasProgram(String insidePath) {
        return Files.exists(base.resolve(insidePath.substring(1)));
    }

    /** A runner with the given deadline. */
    public GuestRunner runner(Duration deadline) {
        return new GuestRunner(starter, scratch, deadline);
    }

    /** Takes a pair in which the writable places are empty. */
    public TreePair borrow() {
        TreePair pair = Optional.ofNullable(idle.poll()).orElseGet(this::copyPair);
        empty(pair.reference());
        empty(pair.subject());
        return pair;
    }

    private static void empty(Path tree) {
        String clear = "cd \"$1\" && rm -rf --one-file-system work tmp var/tmp run && mkdir -p work tmp var/tmp run"
                + " && chmod 1777 tmp var/tmp && chmod 755 work run";
        HostTools.require("sh", "-c", clear, "sh", tree.toString());
    }

    /** Takes the pair back; outside of the writable places it has to be as it was borrowed. */
    public void giveBack(TreePair pair) {
        idle.add(pair);
    }

    /** Throws a pair away that a guest changed beyond its own directory. */
    public void discard(TreePair pair) {
        HostTools.require(
                "rm",
                "-rf",
                "--one-file-system",
                pair.reference().toString(),
                pair.subject().toString(),
                pair.subject() + ".coracle-index");
    }

    private TreePair copyPair() {
        int number = copies.incrementAndGet();
        TreePair pair = new TreePair(copyBase("chroot", number), copyBase("engine", number));
        if (Files.isExecutable(EngineUnderTest.program())) {
            HostTools.require(
                    EngineUnderTest.program().toString(),
                    "index",
                    pair.subject().toString());
        }
        return pair;
    }

    private Path copyBase(String kind, int number) {
        Path copy = scratch.resolve("%s-%02d".formatted(kind, number));
        HostTools.require("cp", "-a", "--reflink=auto", base.toString(), copy.toString());
        return copy;
    }

    @Override
    public void close() {
        HostTools.require("rm", "-rf", "--one-file-system", scratch.toString());
    }

    /** The names that every tree has for guests to write in. */
    public static List<String> writablePlaces() {
        return List.of("work", "tmp", "var/tmp", "run");
    }
}
