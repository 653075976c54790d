package dev.coracle.engines.guests;

import dev.coracle.engines.Mode;
import java.nio.file.Path;
import java.util.List;

/** The native program that the build made, or the one named by the property {@code coracle.engine}. */
public final class EngineUnderTest {
    private static final String BUILT = "engines/target/native/x86_64/coracle-engine";

    private EngineUnderTest() {}

    /** Where the program has to be. */
    public static Path program() {
        Path built = Path.of(System.getProperty("coracle.home", "..")).resolve(BUILT);
        return Path.of(System.getProperty("coracle.engine", built.toString())).toAbsolutePath();
    }

    /** The engine as it is started for most guests. */
    public static Confinement.Engine confinement(Mode mode) {
        return new Confinement.Engine(program(), mode, List.of(), List.of());
    }
}
