package dev.coracle.layers.fuzz;

import java.io.IOException;

/** What the fuzzer calls, by these names. */
public final class FuzzEntry {
    private static Target target = Target.TAR;

    private FuzzEntry() {}

    /** Told the name of the target. */
    public static void fuzzerInitialize(String[] arguments) {
        target = Target.valueOf(arguments[0]);
    }

    /** Called again and again. */
    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        target.read(bytes);
    }
}
