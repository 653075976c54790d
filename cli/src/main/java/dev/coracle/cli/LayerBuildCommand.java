package dev.coracle.cli;

import dev.coracle.layers.Architecture;
import dev.coracle.layers.Progress;
import dev.coracle.layers.build.BuiltLayer;
import dev.coracle.layers.build.ImageLayers;
import dev.coracle.layers.build.LayerRequest;
import dev.coracle.layers.image.ImageSource;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code coracle layer build}: an image, a tree or programs of this machine become an image layer. */
@Command(
        name = "build",
        description = "Makes NAME-image-layer.zip of an image, a tree or programs of this machine.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the layer is there", "1:it could not be built", "2:wrong use"},
        footerHeading = "%nSources:%n",
        footer = {
            "  oci:PATH[:TAG]               an OCI layout, a directory or a tar of one",
            "  docker-archive:FILE[:REF]    what docker save writes, of any age",
            "  tar:FILE                     a root directory in a tar, compressed or not",
            "  tree:DIR                     a root directory",
            "  host:PROGRAM[,PROGRAM...]    programs of this machine with all they need"
        })
final class LayerBuildCommand implements Callable<Integer> {
    @Option(names = "--from", required = true, paramLabel = "SOURCE", description = "Where the tree comes from.")
    private String from = "";

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "The image's name in the layer.")
    private String name = "";

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the zip goes.")
    private Path out = Path.of("");

    @Option(
            names = "--arch",
            paramLabel = "ARCH",
            defaultValue = "x86_64",
            converter = ArchitectureConverter.class,
            description = "x86_64 (default) or aarch64.")
    private Architecture architecture = Architecture.X86_64;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Progress progress = ConsoleProgress.forStandardError();
        ImageSource source = ImageSource.parse(from);
        LayerRequest request = new LayerRequest(source, name, architecture, out, SearchPath.of(System.getenv()));
        BuiltLayer built = ImageLayers.build(request, progress);
        LayerAnswers.built(spec.commandLine().getOut(), built);
        return ExitCode.OK;
    }
}
