package dev.coracle.cli;

import dev.coracle.layers.build.BuiltLayer;
import java.io.PrintWriter;
import java.util.Locale;

/** What the layer commands say at their end. */
final class LayerAnswers {
    private static final double MEGABYTE = 1 << 20;
    /** Lambda's quota for the function and all its layers together, unzipped. */
    private static final long QUOTA = 250L << 20;

    private LayerAnswers() {}

    static void built(PrintWriter out, BuiltLayer built) {
        out.printf(Locale.ROOT, "%s %.1f MB%n", built.zip(), built.size() / MEGABYTE);
        if (built.size() > QUOTA) {
            out.println("Lambda allows 250 MB for a function and all its layers together: this layer is too large");
        }
        out.flush();
    }
}
