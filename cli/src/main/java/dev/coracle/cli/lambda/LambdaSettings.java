package dev.coracle.cli.lambda;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is run and with which limits. Zip files must exist; memory is 128 to 10240 MB, the time limit above 0 and at
 * most 900 s as in Lambda, {@code /tmp} 1 to 10240 MB (Lambda starts at 512).
 *
 * @param function the function zip, unpacked at {@code /var/task}
 * @param layers layer zips, unpacked in this order at {@code /opt}
 * @param handler the handler as Lambda names it: {@code package.Class} or {@code package.Class::method}
 * @param variables the function's own environment variables; they win over Lambda's
 * @param bootstrap the folder with the jars of the runtime interface client
 * @param java the Java home that runs the function
 */
public record LambdaSettings(
        Path function,
        List<Path> layers,
        String handler,
        int memoryMegabytes,
        Duration timeout,
        int tmpMegabytes,
        SandboxKind sandbox,
        Map<String, String> variables,
        Path bootstrap,
        Path java) {

    /** The handler that Coracle's own function zip contains. */
    public static final String DEFAULT_HANDLER = "dev.coracle.handler.ContainerHandler";

    private static final int LARGEST_MEGABYTES = 10_240;
    private static final Duration LONGEST = Duration.ofMinutes(15);

    /** Copies the collections and refuses values that Lambda would refuse. */
    public LambdaSettings {
        layers = List.copyOf(layers);
        variables = Map.copyOf(variables);
        require(Files.isRegularFile(function), "function zip " + function, "there is no such file");
        for (Path layer : layers) {
            require(Files.isRegularFile(layer), "layer zip " + layer, "there is no such file");
        }
        requireRange(memoryMegabytes, 128, "memory in MB");
        requireRange(tmpMegabytes, 1, "size of /tmp in MB");
        require(
                timeout.isPositive() && timeout.compareTo(LONGEST) <= 0,
                "time limit in seconds " + timeout.toMillis() / 1000.0,
                "it must be more than 0 and at most 900");
        require(!handler.isBlank(), "handler name", "it is empty");
    }

    /**
     * Settings with Lambda-like defaults: 1024 MB, 60 s, 512 MB of {@code /tmp}, sandbox {@link SandboxKind#AUTO}, the
     * Java that runs this program, and the runtime interface client of the system property {@code coracle.ric}, by
     * default {@code cli/target/ric} below {@code coracle.home}.
     */
    public static LambdaSettings of(Path function) {
        String bootstrap = System.getProperty("coracle.ric");
        return new LambdaSettings(
                function,
                List.of(),
                DEFAULT_HANDLER,
                1024,
                Duration.ofMinutes(1),
                512,
                SandboxKind.AUTO,
                Map.of(),
                bootstrap == null ? home().resolve("cli").resolve("target").resolve("ric") : Path.of(bootstrap),
                Path.of(System.getProperty("java.home")));
    }

    /** Coracle's own function zip, as its build leaves it below {@code coracle.home}. */
    public static Path ownFunction() {
        return home().resolve("handler").resolve("target").resolve("coracle-function.zip");
    }

    /** Where Coracle is built: the system property {@code coracle.home}, which the launcher sets, else the working directory. */
    public static Path home() {
        return Path.of(System.getProperty("coracle.home", ""));
    }

    /** The same with these layers, in the order they are laid over each other. */
    public LambdaSettings withLayers(List<Path> value) {
        return new LambdaSettings(
                function, value, handler, memoryMegabytes, timeout, tmpMegabytes, sandbox, variables, bootstrap, java);
    }

    /** The same with another handler, {@code package.Class} or {@code package.Class::method}. */
    public LambdaSettings withHandler(String value) {
        return new LambdaSettings(
                function, layers, value, memoryMegabytes, timeout, tmpMegabytes, sandbox, variables, bootstrap, java);
    }

    /** The same with another memory size in MB. */
    public LambdaSettings withMemoryMegabytes(int value) {
        return new LambdaSettings(
                function, layers, handler, value, timeout, tmpMegabytes, sandbox, variables, bootstrap, java);
    }

    /** The same with another time limit for one invocation. */
    public LambdaSettings withTimeout(Duration value) {
        return new LambdaSettings(
                function, layers, handler, memoryMegabytes, value, tmpMegabytes, sandbox, variables, bootstrap, java);
    }

    /** The same with another size of {@code /tmp} in MB; {@link SandboxKind#NONE} cannot enforce it. */
    public LambdaSettings withTmpMegabytes(int value) {
        return new LambdaSettings(
                function, layers, handler, memoryMegabytes, timeout, value, sandbox, variables, bootstrap, java);
    }

    /** The same in another sandbox. */
    public LambdaSettings withSandbox(SandboxKind value) {
        return new LambdaSettings(
                function, layers, handler, memoryMegabytes, timeout, tmpMegabytes, value, variables, bootstrap, java);
    }

    /** The same with one more environment variable of the function. */
    public LambdaSettings withVariable(String name, String value) {
        Map<String, String> more = new HashMap<>(variables);
        more.put(name, value);
        return new LambdaSettings(
                function, layers, handler, memoryMegabytes, timeout, tmpMegabytes, sandbox, more, bootstrap, java);
    }

    private static void requireRange(int value, int least, String what) {
        require(
                value >= least && value <= LARGEST_MEGABYTES,
                what + " " + value,
                "it must be " + least + " to " + LARGEST_MEGABYTES);
    }

    private static void require(boolean holds, String tried, String happened) {
        if (!holds) {
            throw new LambdaException(
                    LambdaException.Kind.SETTINGS, tried, happened, "See the options of coracle invoke --help.");
        }
    }
}
