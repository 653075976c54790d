package dev.coracle.cli;

import dev.coracle.cli.lambda.Invocation;
import dev.coracle.cli.lambda.LambdaSettings;
import dev.coracle.cli.lambda.LocalLambda;
import dev.coracle.cli.lambda.SandboxKind;
import dev.coracle.layers.FileProblem;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code coracle invoke}: sends events to a function in the local Lambda. */
@Command(
        name = "invoke",
        description = "Runs a function zip as Lambda would and sends it an event.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:the function answered", "1:it failed, timed out or crashed", "2:wrong use"})
final class InvokeCommand implements Callable<Integer> {
    @Option(
            names = "--event",
            paramLabel = "FILE",
            description = "the event, JSON; - reads standard input (default: {})")
    private @Nullable String event;

    @Option(
            names = "--function",
            paramLabel = "ZIP",
            description = "the function (default: handler/target/coracle-function.zip)")
    private @Nullable Path function;

    @Option(names = "--layer", paramLabel = "ZIP", description = "a layer; may be repeated, later ones win")
    private List<Path> layers = new ArrayList<>();

    @Option(names = "--handler", paramLabel = "CLASS", description = "the handler (default: ${DEFAULT-VALUE})")
    private String handler = LambdaSettings.DEFAULT_HANDLER;

    @Option(names = "--env", paramLabel = "K=V", description = "a variable of the function; may be repeated")
    private Map<String, String> variables = new LinkedHashMap<>();

    @Option(names = "--memory", paramLabel = "MB", description = "memory size (default: ${DEFAULT-VALUE})")
    private int memory = 1024;

    @Option(names = "--timeout", paramLabel = "S", description = "time limit in seconds (default: ${DEFAULT-VALUE})")
    private double timeout = 60;

    @Option(names = "--tmp-size", paramLabel = "MB", description = "size of /tmp (default: ${DEFAULT-VALUE})")
    private int tmpSize = 512;

    @Option(
            names = "--sandbox",
            paramLabel = "auto|runc|none",
            converter = SandboxConverter.class,
            description = "what confines the function (default: auto, which is runc for root, else none)")
    private SandboxKind sandbox = SandboxKind.AUTO;

    @Option(names = "--repeat", paramLabel = "N", description = "send the event N times (default: ${DEFAULT-VALUE})")
    private int repeat = 1;

    @Option(names = "--json", description = "print one JSON object per invocation")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (repeat < 1) {
            throw wrongUse("--repeat must be at least 1, it is " + repeat);
        }
        byte[] bytes = readEvent();
        return send(settings(), bytes, out, err) ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private boolean send(LambdaSettings settings, byte[] bytes, PrintWriter out, PrintWriter err) {
        boolean answered = true;
        err.println("unpacking " + settings.function() + " and "
                + (layers.size() == 1 ? "1 layer" : layers.size() + " layers"));
        err.flush();
        try (LocalLambda lambda = LocalLambda.start(settings)) {
            lambda.notices().forEach(notice -> err.println("note: " + notice));
            err.println("starting " + settings.handler() + " in sandbox " + name(lambda.sandbox()));
            err.flush();
            for (int round = 0; round < repeat; round++) {
                Invocation invocation = lambda.invoke(bytes);
                InvocationReport report = new InvocationReport(invocation, settings);
                out.println(json ? report.json() : report.text());
                out.flush();
                answered &= !invocation.failed();
            }
        }
        return answered;
    }

    private LambdaSettings settings() {
        LambdaSettings settings = LambdaSettings.of(function == null ? LambdaSettings.ownFunction() : function)
                .withLayers(layers)
                .withHandler(handler)
                .withMemoryMegabytes(memory)
                .withTimeout(Duration.ofMillis(Math.round(timeout * 1000)))
                .withTmpMegabytes(tmpSize)
                .withSandbox(sandbox);
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            settings = settings.withVariable(variable.getKey(), variable.getValue());
        }
        return settings;
    }

    private byte[] readEvent() {
        if (event == null) {
            return "{}".getBytes(StandardCharsets.UTF_8);
        }
        try {
            return event.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(event));
        } catch (IOException e) {
            throw wrongUse("--event=" + event + " cannot be read: " + FileProblem.of(e));
        }
    }

    private ParameterException wrongUse(String what) {
        return new ParameterException(spec.commandLine(), what);
    }

    private static String name(SandboxKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
