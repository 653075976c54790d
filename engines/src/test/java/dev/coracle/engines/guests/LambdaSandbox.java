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
 *
 * @param program the engine, where that user can reach it
 * @param confiner {@code lambda.pl}
 * @param starter a script that adds what concerns the sandbox to the engine's command line
 */
public record LambdaSandbox(Path program, Path confiner, Path starter) {
    /** The user of the sandbox, whose the tree has to be. */
    public static final String USER = "993:990";

    /** What it is started with is the engine's whole command line for any guest, behind a place. */
    private static final String START = """
            #!/bin/sh
            place=$1 program=$2
            shift 3
            exec "$program" run --user=0:0 --owners="$place/owners" --run-directory="$place/run" "$@"
            """;

    /** Puts what a sandbox needs into a directory that everybody can enter. */
    public static LambdaSandbox install(Path directory) throws IOException {
        Path confiner = directory.resolve("lambda.pl");
        try (InputStream text = LambdaSandbox.class.getResourceAsStream("lambda.pl")) {
            Files.copy(Objects.requireNonNull(text, "lambda.pl"), confiner);
        }
        Path program = Files.copy(EngineUnderTest.program(), directory.resolve("coracle-engine"));
        Path starter = Files.writeString(directory.resolve("start"), START);
        HostTools.require("chmod", "755", program.toString(), starter.toString());
        return new LambdaSandbox(program, confiner, starter);
    }

    /** Prepares to start the engine there; the table of owners and what else it needs lie in {@code place}, which becomes the user's. */
    public Confinement emulatedRoot(Path place, Mode mode) throws IOException {
        Path run = Files.createDirectory(place.resolve("run"));
        HostTools.require("chown", USER, place.toString(), run.toString());
        List<String> wrapper =
                List.of("/usr/bin/perl", confiner.toString(), place.toString(), starter.toString(), place.toString());
        return new Confinement.Engine(program, mode, List.of(), wrapper);
    }
}
