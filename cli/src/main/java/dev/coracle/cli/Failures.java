package dev.coracle.cli;

import dev.coracle.cli.demo.DemoException;
import dev.coracle.cli.lambda.LambdaException;
import dev.coracle.layers.LayerException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells a person why a command failed, and gives its exit code: 2 for wrong use, 1 for everything else. */
final class Failures implements IExecutionExceptionHandler {
    private Failures() {}

    /** A command line whose commands throw what they cannot mend. */
    static CommandLine told(Object command) {
        return new CommandLine(command).setExecutionExceptionHandler(new Failures());
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult arguments)
            throws Exception {
        return switch (failure) {
            case LayerException e -> {
                boolean wrongUse = e.kind() == LayerException.Kind.INVALID_REQUEST;
                yield tell(
                        command,
                        "could not " + e.tried() + ": " + e.happened(),
                        e.advice().orElse(""),
                        wrongUse);
            }
            case LambdaException e -> {
                boolean wrongUse = e.kind() == LambdaException.Kind.SETTINGS || e.kind() == LambdaException.Kind.EVENT;
                yield tell(command, e.tried() + ": " + e.happened(), e.advice(), wrongUse);
            }
            case DemoException e -> tell(command, e.tried() + ": " + e.happened(), e.advice(), false);
            default -> throw failure;
        };
    }

    private static int tell(CommandLine command, String what, String advice, boolean wrongUse) {
        String speaker = command.getCommandSpec().qualifiedName() + ": ";
        PrintWriter err = command.getErr();
        err.println(speaker + what);
        if (!advice.isEmpty()) {
            err.println(speaker + advice);
        }
        err.flush();
        return wrongUse ? ExitCode.USAGE : ExitCode.SOFTWARE;
    }
}
