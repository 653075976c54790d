package dev.coracle.engines.guests;

import dev.coracle.engines.Mode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Debian trees with the test programs inside, copied from the cache for this run and handed out singly or in pairs. Thread safe; a tree
 * belongs to one thread from {@code borrow} to {@code giveBack}.
 */
public final class GuestTrees implements AutoCloseable {
    /** Where the test programs are, seen from inside. */
    public static final String PROGRAMS = "/opt/guests";

    /** What the name of a program of 32 bits ends in; without it, it is the 64-bit one of the same source. */
    public static final String COMPAT = "-32";

    /** What a tree is for; their folders are named as long as each other, for guests can measure that. */
    public enum Side {
        REFERENCE("chroot"),
        SUBJECT("engine"),
        /** For the engine in {@link LambdaSandbox}, whose user has it. */
        SANDBOXED("lambda");

        private final String folder;

        Side(String folder) {
            this.folder = folder;
        }
    }

    private final Path scratch;
    private final Path base;
    private final Path starter;
    private final Queue<Path> idleReferences = new ConcurrentLinkedQueue<>();
    private final Queue<Path> idleSubjects = new ConcurrentLinkedQueue<>();
    private final Queue<Path> idleSandboxed = new ConcurrentLinkedQueue<>();
    private final AtomicInteger copies = new AtomicInteger();
    private final Optional<LambdaSandbox> sandbox;

    private GuestTrees(Path scratch, Optional<LambdaSandbox> sandbox) {
        this.scratch = scratch;
        this.base = scratch.resolve("base");
        this.starter = scratch.resolve("starter.pl");
        this.sandbox = sandbox;
    }

    /** Copies the cached tree and adds the test programs. */
    public static GuestTrees prepare(TestCache cache) {
        try {
            Path place = Path.of(System.getProperty("coracle.test.scratch", System.getProperty("java.io.tmpdir")));
            Path scratch = Files.createTempDirectory(place, "coracle-trees").toRealPath();
            // Guests that become another user have to reach their tree as well.
            HostTools.require("chmod", "711", scratch.toString());
            GuestTrees trees = new GuestTrees(scratch, sandbox(scratch.resolve("sandbox")));
            cache.copyDebianTo(trees.base);
            for (String point : List.of("mnt/data", "mnt/read")) {
                Files.createDirectories(trees.base.resolve(point));
            }
            Files.createFile(trees.base.resolve("mnt/file"));
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

    /** What all trees are copies of; nobody writes in it. */
    public Path base() {
        return base;
    }

    /** A directory for what a test leaves for people to look at. */
    public Path scratch() {
        return scratch;
    }

    /** Where the engine runs as Lambda would let it. */
    public LambdaSandbox sandbox() {
        return sandbox.orElseThrow(() -> new IllegalStateException("no engine was built"));
    }

    /** The harness checks itself without an engine, too. */
    private static Optional<LambdaSandbox> sandbox(Path directory) throws IOException {
        return Files.isExecutable(EngineUnderTest.program())
                ? Optional.of(LambdaSandbox.install(Files.createDirectory(directory)))
                : Optional.empty();
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
        return new TreePair(borrow(Side.REFERENCE), borrow(Side.SUBJECT));
    }

    /** Takes one tree in which the writable places are empty. */
    public Path borrow(Side side) {
        Path tree = Optional.ofNullable(idle(side).poll()).orElseGet(() -> copy(side));
        String clear = "cd \"$1\" && rm -rf --one-file-system work tmp var/tmp run && mkdir -p work tmp var/tmp run"
                + " && chmod 1777 tmp var/tmp && chmod 755 . work run && chown --reference=usr . work tmp var/tmp run";
        HostTools.require("sh", "-c", clear, "sh", tree.toString());
        return tree;
    }

    /** Makes the index that the engine wants beside the tree, if it wants one and there is none. */
    public void indexFor(Confinement confinement, Path tree) {
        boolean wanted = confinement instanceof Confinement.Engine engine
                && (engine.mode() == Mode.F3 || engine.mode() == Mode.F4);
        if (wanted && Files.notExists(index(tree))) {
            HostTools.require(EngineUnderTest.program().toString(), "index", tree.toString());
        }
    }

    /** Takes it away, as it has to be made again when programs of the tree were replaced. */
    public void dropIndex(Path tree) throws IOException {
        Files.deleteIfExists(index(tree));
    }

    private static Path index(Path tree) {
        return tree.resolveSibling(tree.getFileName() + ".coracle-index");
    }

    /** Takes the pair back; outside of the writable places it has to be as it was borrowed. */
    public void giveBack(TreePair pair) {
        giveBack(Side.REFERENCE, pair.reference());
        giveBack(Side.SUBJECT, pair.subject());
    }

    /** Takes a tree back; outside of the writable places it has to be as it was borrowed. */
    public void giveBack(Side side, Path tree) {
        idle(side).add(tree);
    }

    /** Throws a pair away that a guest changed beyond its own directory. */
    public void discard(TreePair pair) {
        discard(pair.reference());
        discard(pair.subject());
    }

    /** Throws a tree away that a guest changed beyond its own directory. */
    public void discard(Path tree) {
        HostTools.require(
                "rm", "-rf", "--one-file-system", tree.toString(), index(tree).toString());
    }

    private Queue<Path> idle(Side side) {
        return switch (side) {
            case REFERENCE -> idleReferences;
            case SUBJECT -> idleSubjects;
            case SANDBOXED -> idleSandboxed;
        };
    }

    private Path copy(Side side) {
        Path copy = copyBase(side.folder, copies.incrementAndGet());
        if (side == Side.SANDBOXED) {
            HostTools.require("chown", "-hR", LambdaSandbox.USER, copy.toString());
        }
        return copy;
    }

    private Path copyBase(String kind, int number) {
        Path copy = scratch.resolve("%s-%03d".formatted(kind, number));
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

    /** Whether a path, from the top of a tree and without a slash before it, is such a place or lies in one. */
    public static boolean isWritable(String path) {
        return writablePlaces().stream().anyMatch(place -> path.equals(place) || path.startsWith(place + "/"));
    }
}
