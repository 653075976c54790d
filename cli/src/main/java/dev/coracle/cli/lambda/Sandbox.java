package dev.coracle.cli.lambda;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A way to start the bootstrap of a function; one instance serves all execution environments of one deployment. */
interface Sandbox {
    /** The folders as the function will see them. */
    Bootstrap bootstrap();

    /**
     * Starts the bootstrap.
     *
     * @param variables its whole environment
     * @param log the file that standard output and standard error are appended to
     * @throws IOException when nothing could be started
     */
    FunctionProcess start(Map<String, String> variables, Path log) throws IOException;

    /** What is weaker here than in Lambda, in words for the user; empty when nothing is. */
    List<String> notices();
}
