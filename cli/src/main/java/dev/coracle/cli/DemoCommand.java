package dev.coracle.cli;

import dev.coracle.cli.demo.Demo;
import dev.coracle.cli.demo.DemoPage;
import dev.coracle.cli.demo.DemoRequest;
import dev.coracle.cli.demo.Style;
import dev.coracle.cli.lambda.LambdaSettings;
import dev.coracle.cli.lambda.SandboxKind;
import dev.coracle.layers.Architecture;
import dev.coracle.layers.build.ScratchDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code coracle demo}: the whole way once, with programs of this machine. */
@Command(
        name = "demo",
        description = "Makes layers of programs of this machine and runs them in a local Lambda, cold and warm.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:everything went as it should", "1:it did not", "2:wrong use"})
final class DemoCommand implements Callable<Integer> {
    @Option(names = "--out", paramLabel = "DIR", description = "Where the layers stay (default: nowhere).")
    private Optional<Path> out = Optional.empty();

    @Option(
            names = "--sandbox",
            paramLabel = "auto|runc|none",
            converter = SandboxConverter.class,
            description = "What confines the function (default: auto, which is runc for root, else none).")
    private SandboxKind sandbox = SandboxKind.AUTO;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (out.isPresent()) {
            run(out.get());
        } else {
            try (ScratchDirectory scratch = ScratchDirectory.in(Path.of(System.getProperty("java.io.tmpdir")))) {
                run(scratch.path());
            }
        }
        return ExitCode.OK;
    }

    private void run(Path layers) {
        Style style = Terminal.wantsColours(System.getenv()) ? Style.COLOURS : Style.PLAIN;
        DemoPage page = new DemoPage(spec.commandLine().getOut(), style);
        DemoRequest request = new DemoRequest(
                layers,
                Architecture.parse(System.getProperty("os.arch", "")),
                SearchPath.of(System.getenv()),
                outside(),
                LambdaSettings.of(LambdaSettings.ownFunction()).withSandbox(sandbox));
        Demo.run(request, ConsoleProgress.vanishing(), page);
        page.end(out);
    }

    /** Lambda's own places, which only the sandbox runc has, and this very program. */
    private static List<String> outside() {
        return List.of(
                "/var/task",
                "/opt/coracle",
                LambdaSettings.ownFunction().toAbsolutePath().toString());
    }
}
