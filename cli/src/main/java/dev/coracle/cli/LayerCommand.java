package dev.coracle.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** {@code coracle layer}: builds the zips that Lambda mounts under {@code /opt}. */
@Command(
        name = "layer",
        description = "Builds Lambda layers: images, and the tools that run them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {LayerBuildCommand.class, LayerToolsCommand.class, HelpCommand.class})
final class LayerCommand {}
