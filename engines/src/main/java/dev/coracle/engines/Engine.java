package dev.coracle.engines;

import java.nio.file.Path;
import java.util.List;

/** One way to run a command inside a tree. Implementations are immutable and may be used by several threads. */
public sealed interface Engine permits InProcessEngine, OciEngine, ApptainerEngine {
    /** Which engine this is and why it was taken. */
    EngineChoice choice();

    /**
     * What of the launch this engine cannot do, each in a few words that name it; empty when it can do all. Nothing that a
     * launch asks for is ever left out in silence.
     */
    List<String> lacks(Launch launch);

    /**
     * Makes ready to run {@code launch}, of which this engine lacks nothing. Nothing of the guest is started by this.
     *
     * <p>The engine may write below the directory {@code scratch} beside {@code status} and leave it there; who calls removes
     * it. What it makes anywhere else is gone when the answer is closed.
     *
     * @param status where the supervisor writes how the guest's first process has ended
     * @throws EngineException when that fails; then nothing is left to close
     */
    PreparedRun prepare(Launch launch, RunId id, Path status);
}
