package dev.coracle.runtime;

import dev.coracle.engines.choice.Wishes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Where things are and how much is allowed.
 *
 * @param images the directory of installed images
 * @param engine where the tools layer would have put the engine
 * @param work a writable directory for trees, outputs and the engine when it has to be unpacked
 * @param margin kept of the caller's time, to kill, collect and answer
 * @param maxResponseBytes of the answer's JSON
 * @param choosing of engines
 */
public record RuntimeConfig(
        Path images, Path engine, Path work, Duration margin, int maxResponseBytes, Choosing choosing) {
    /**
     * What decides between engines, besides host and tree.
     *
     * @param searchPath where other programs that make containers may be
     */
    public record Choosing(List<Path> searchPath, Wishes wishes) {
        /** Copies the list. */
        public Choosing {
            searchPath = List.copyOf(searchPath);
        }

        /** Our own engines alone, whatever suits. */
        public static Choosing own() {
            return new Choosing(List.of(), Wishes.NONE);
        }
    }
}
