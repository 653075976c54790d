package dev.coracle.cli.lambda.functions;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.InputStream;
import java.io.OutputStream;

/** A function that cannot be created. */
public final class BrokenInit implements RequestStreamHandler {
    /** Fails. */
    public BrokenInit() {
        throw new IllegalStateException("no init today");
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) {
        throw new AssertionError("never reached");
    }
}
