package dev.coracle.engines.guests;

import dev.coracle.engines.Mode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The engine as AWS Lambda would let it run, by {@code lambda.pl} beside this class: started by an ordinary user without
 * rights under Lambda's filter of system calls, with its five devices and its limits, on a host of which only {@code /tmp} and one
 * more place can be written. The guest believes that it is root.
 */
public final class LambdaSandbox {
    /** The user of the sandbox, whose the tree has to be. */
    public static final String USER = "993:990";

    private LambdaSandbox() {}

    /** Prepares to start the engine there; the table of owners and what else it needs lie in {@code place}, which becomes the user's. */
    public static Confinement emulatedRoot(Path place, Mode mode) throws IOException {
        Path sandbox = place.resolve("lambda.pl");
        try (InputStream text = LambdaSandbox.class.getResourceAsStream("lambda.pl")) {
            Files.copy(Objects.requireNonNull(text, "lambda.pl"), sandbox);
        }
        Path program = Files.copy(EngineUnderTest.program(), place.resolve("coracle-engine"));
        // What it is started with is the engine's whole command line for any guest.
        Path start =
                Files.writeString(place.resolve("start"), """
                #!/bin/sh
                program=$1
                shift 2
                exec "$program" run --user=0:0 --owners=%s --run-directory=%s "$@"
                """.formatted(place.resolve("owners"), place.resolve("run")));
        HostTools.require("mkdir", "-p", place.resolve("run").toString());
        HostTools.require("chmod", "755", program.toString(), start.toString());
        HostTools.require("chown", USER, place.toString(), place.resolve("run").toString());
        List<String> wrapper = List.of("/usr/bin/perl", sandbox.toString(), place.toString(), start.toString());
        return new Confinement.Engine(program, mode, List.of(), wrapper);
    }
}
