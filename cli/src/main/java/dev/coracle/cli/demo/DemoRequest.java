package dev.coracle.cli.demo;

import dev.coracle.cli.lambda.LambdaSettings;
import dev.coracle.layers.Architecture;
import java.nio.file.Path;
import java.util.List;

/**
 * What the demo works with.
 *
 * @param layers the directory for the layers
 * @param architecture of this machine
 * @param programPath directories in which programs are looked for
 * @param outside absolute paths that exist out here and must not exist for the guest
 * @param lambda function, sandbox and limits; the demo adds the layers
 */
public record DemoRequest(
        Path layers, Architecture architecture, List<Path> programPath, List<String> outside, LambdaSettings lambda) {
    /** Copies the lists. */
    public DemoRequest {
        programPath = List.copyOf(programPath);
        outside = List.copyOf(outside);
    }
}
