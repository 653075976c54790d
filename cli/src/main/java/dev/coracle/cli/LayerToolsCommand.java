package dev.coracle.cli;

import dev.coracle.layers.Architecture;
import dev.coracle.layers.Progress;
import dev.coracle.layers.build.BuiltLayer;
import dev.coracle.layers.build.ToolsLayer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code coracle layer tools}: the engine program becomes the tools layer. */
@Command(
        name = "tools",
        description = "Makes coracle-tools-layer.zip, which carries the engine.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the layer is there", "1:it could not be built", "2:wrong use"})
final class LayerToolsCommand implements Callable<Integer> {
    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the zip goes.")
    private Path out = Path.of("");

    @Option(
            names = "--arch",
            paramLabel = "ARCH",
            defaultValue = "x86_64",
            converter = ArchitectureConverter.class,
            description = "x86_64 (default) or aarch64.")
    private Architecture architecture = Architecture.X86_64;

    @Option(names = "--engine", paramLabel = "FILE", description = "Another engine program than the one built in.")
    private Optional<Path> engine = Optional.empty();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Progress progress = ConsoleProgress.forStandardError();
        BuiltLayer built = engine.isPresent()
                ? ToolsLayer.build(engine.get(), out, progress)
                : ToolsLayer.build(architecture, out, progress);
        LayerAnswers.built(spec.commandLine().getOut(), built);
        return ExitCode.OK;
    }
}
