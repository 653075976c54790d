package dev.coracle.engines;

import dev.coracle.engines.EngineException.Kind;
import dev.coracle.engines.host.ShortCommand;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Decides between F1 and F3 for a tree, and makes the index that F3 needs: once for each tree, where there is none that this
 * engine can use. Trees may not change hands while this is in use; threads and processes may share one.
 */
public final class TreeIndexes {
    private static final Logger LOG = System.getLogger(TreeIndexes.class.getName());

    /** Far more than the largest tree takes: a disk that hangs must not hold up a job for ever. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final int WORDS_MOST = 2000;

    private final ReentrantLock choosing = new ReentrantLock();
    private final Map<Path, EngineChoice> choices = new HashMap<>();

    /**
     * The mode for guests in this tree, with its reason. A tree without an index that can be used gets one: the one that has
     * travelled with it, else a new one; when that fails the mode is F1, which needs none, and the reason says why.
     *
     * @param travelled what {@link #pack} has written where the tree was packed
     * @throws EngineException when the thread was interrupted
     */
    public EngineChoice choose(EngineProgram program, Path root, Optional<Path> travelled) {
        choosing.lock();
        try {
            EngineChoice known = choices.get(root);
            if (known == null || (known.mode() == Mode.F3 && !Files.exists(besides(root)))) {
                known = decide(program, root, travelled);
                choices.put(root, known);
            }
            return known;
        } finally {
            choosing.unlock();
        }
    }

    /** Where the engine keeps and looks for it. */
    private static Path besides(Path root) {
        return Path.of(root + ".coracle-index");
    }

    /**
     * Writes an index that can travel with the packed tree, to be put to use where that is unpacked with the times of its
     * files. The same files give the same bytes.
     *
     * @return why there is none, when it could not be made
     * @throws EngineException when the thread was interrupted
     */
    public static Optional<String> pack(EngineProgram program, Path root, Path index) {
        return run(program, root, "--travels", "--out=" + index);
    }

    private static EngineChoice decide(EngineProgram program, Path root, Optional<Path> travelled) {
        if (run(program, root, "--check").isEmpty()) {
            return new EngineChoice(Mode.F3, "runs in the guest's own process; the tree's code is patched ahead");
        }
        if (travelled.isPresent() && adopt(program, root, travelled.get())) {
            return new EngineChoice(
                    Mode.F3, "runs in the guest's own process; the tree's code was patched in its layer");
        }
        Optional<String> problem = run(program, root);
        if (problem.isEmpty()) {
            LOG.log(Level.INFO, "made the index of {0}", root);
            return new EngineChoice(Mode.F3, "runs in the guest's own process; the tree's code was patched just now");
        }
        LOG.log(Level.WARNING, "no index of {0}: {1}", root, problem.get());
        return new EngineChoice(
                Mode.F1, "runs in the guest's own process; there is no index of the tree: " + problem.get());
    }

    /** It may be of another build of the engine; then a new one is as good. */
    private static boolean adopt(EngineProgram program, Path root, Path travelled) {
        Optional<String> problem = run(program, root, "--from=" + travelled);
        problem.ifPresent(why -> LOG.log(Level.INFO, "the index that came with {0} is of no use: {1}", root, why));
        return problem.isEmpty();
    }

    /** Runs the engine's {@code index}; what it said is the problem, if there was one. */
    private static Optional<String> run(EngineProgram program, Path root, String... options) {
        List<String> command = new ArrayList<>(List.of(program.path().toString(), "index", root.toString()));
        command.addAll(List.of(options));
        try {
            ShortCommand answer = ShortCommand.run(command, PATIENCE);
            String words = answer.output()
                    .substring(0, Math.min(answer.output().length(), WORDS_MOST))
                    .strip();
            return answer.code() == 0
                    ? Optional.empty()
                    : Optional.of(words.isEmpty() ? "exit code " + answer.code() : words);
        } catch (InterruptedIOException e) {
            throw new EngineException(
                    Kind.INTERRUPTED, "making the index of " + root, "the thread was interrupted", "", e);
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
