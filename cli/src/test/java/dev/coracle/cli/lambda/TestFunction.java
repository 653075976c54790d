package dev.coracle.cli.lambda;

import dev.coracle.cli.lambda.functions.Behaviour;
import java.io.IOException;
import java.nio.file.Path;

/** The function of these tests for tests of other packages. */
public final class TestFunction {
    /** Its handler; see {@link Behaviour} for the events it knows. */
    public static final String HANDLER = Behaviour.class.getName();

    private TestFunction() {}

    /** Packs it into a zip in this folder. */
    public static Path pack(Path folder) throws IOException {
        return FunctionZip.ofTestFunctions(folder);
    }
}
