package dev.coracle.runtime;

import dev.coracle.engines.Engine;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where the engines for a tree come from. */
interface EngineSource {

    /**
     * The engines that can run guests in the tree on this host, the most suitable first, at least one; may write beside the
     * tree, and takes longer the first time.
     *
     * @param index what has come with the tree to make its programs start faster
     * @throws dev.coracle.engines.EngineException when there is none
     */
    List<Engine> enginesFor(Path root, Optional<Path> index);
}
