package dev.coracle.runtime;

import dev.coracle.engines.Engine;
import dev.coracle.engines.EngineProgram;
import dev.coracle.engines.InProcessEngine;
import dev.coracle.engines.TreeIndexes;
import java.nio.file.Path;
import java.util.Optional;

/** Where the engine for a tree comes from. */
interface EngineSource {

    /**
     * The engine that suits the tree best on this host; may write beside the tree, and takes longer the first time.
     *
     * @param index what has come with the tree to make its programs start faster
     * @throws dev.coracle.engines.EngineException when there is none
     */
    Engine engineFor(Path root, Optional<Path> index);

    /** The native program: in mode F3 where an index can be had, else in F1. */
    static EngineSource inProcess(RuntimeConfig config, String architecture) {
        TreeIndexes indexes = new TreeIndexes();
        return (root, index) -> {
            EngineProgram program =
                    EngineProgram.find(config.engine(), config.work().resolve("bin"), architecture);
            return new InProcessEngine(program, indexes.choose(program, root, index));
        };
    }
}
