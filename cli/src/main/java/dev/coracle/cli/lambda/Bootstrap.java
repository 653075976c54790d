package dev.coracle.cli.lambda;

import java.util.List;

/**
 * The command that starts the runtime interface client, with the folders as the function sees them.
 *
 * @param java the Java home
 * @param runtime Lambda's {@code /var/runtime}
 * @param task Lambda's {@code /var/task}
 * @param opt Lambda's {@code /opt}
 */
record Bootstrap(String java, String runtime, String task, String opt) {
    /** The folders inside Lambda. */
    static final Bootstrap LAMBDA = new Bootstrap("/var/lang", "/var/runtime", "/var/task", "/opt");

    private static final String MAIN = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";
    private static final String NATIVE_PROPERTY =
            "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";

    List<String> command(LambdaSettings settings) {
        // Lambda gives the heap 85 percent of the memory, and keeps to the serial collector and the first compiler.
        long heapKilobytes = settings.memoryMegabytes() * 1024L * 85 / 100;
        return List.of(
                java + "/bin/java",
                "-XX:MaxHeapSize=" + heapKilobytes + "k",
                "-XX:+UseSerialGC",
                "-XX:+TieredCompilation",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-D" + NATIVE_PROPERTY + "=" + runtime + "/" + Deployment.NATIVE_CLIENT,
                "-cp",
                runtime + "/lib/*:" + task + ":" + task + "/lib/*:" + opt + "/java/lib/*",
                MAIN,
                settings.handler());
    }
}
