package dev.coracle.cli;

import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.build.BuiltLayer;
import java.io.PrintWriter;
import java.util.Locale;

/** What the layer commands say at their end, and their exit codes. */
final class LayerAnswers {
    private static final int FAILED = 1;
    private static final int USAGE = 2;
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

    static int failed(PrintWriter err, LayerException e) {
        err.println("coracle: could not " + e.tried() + ": " + e.happened());
        e.advice().ifPresent(advice -> err.println("coracle: " + advice));
        err.flush();
        return e.kind() == Kind.INVALID_REQUEST ? USAGE : FAILED;
    }
}
