package dev.coracle.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code coracle} program: one class per subcommand, no logic of its own. */
@Command(
        name = "coracle",
        description = "Runs container images where containers cannot run.",
        mixinStandardHelpOptions = true,
        version = "coracle 0.1.0",
        subcommands = {CommandLine.HelpCommand.class, DemoCommand.class, InvokeCommand.class, LayerCommand.class})
public final class Main {
    private Main() {}

    /** Parses the command line, runs the subcommand, and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(Failures.told(new Main()).execute(args));
    }
}
