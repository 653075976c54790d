package dev.coracle.cli.lambda;

import java.time.Clock;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** The environment variables that Lambda sets, and fake credentials that tests can look for in places they must not reach. */
public final class LambdaVariables {
    /** The value of {@code AWS_ACCESS_KEY_ID} unless the settings give one. */
    public static final String ACCESS_KEY = "CORACLE-LOCAL-ACCESS-KEY";

    /** The value of {@code AWS_SECRET_ACCESS_KEY} unless the settings give one. */
    public static final String SECRET_KEY = "coracle-local-secret-key";

    /** The value of {@code AWS_SESSION_TOKEN} unless the settings give one. */
    public static final String SESSION_TOKEN = "coracle-local-session-token";

    static final String FUNCTION_NAME = "coracle-local";
    static final String REGION = "us-east-1";

    private LambdaVariables() {}

    /** The variables of one new execution environment whose Runtime API listens at {@code runtimeApi}, host:port. */
    static Map<String, String> of(LambdaSettings settings, Bootstrap bootstrap, String runtimeApi, Clock clock) {
        Map<String, String> variables = new TreeMap<>();
        variables.put("_HANDLER", settings.handler());
        variables.put("AWS_REGION", REGION);
        variables.put("AWS_DEFAULT_REGION", REGION);
        variables.put("AWS_EXECUTION_ENV", "AWS_Lambda_java21");
        variables.put("AWS_LAMBDA_FUNCTION_NAME", FUNCTION_NAME);
        variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", String.valueOf(settings.memoryMegabytes()));
        variables.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
        variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + FUNCTION_NAME);
        variables.put("AWS_LAMBDA_LOG_STREAM_NAME", logStream(clock));
        variables.put("AWS_ACCESS_KEY_ID", ACCESS_KEY);
        variables.put("AWS_SECRET_ACCESS_KEY", SECRET_KEY);
        variables.put("AWS_SESSION_TOKEN", SESSION_TOKEN);
        variables.put("AWS_LAMBDA_RUNTIME_API", runtimeApi);
        variables.put("LAMBDA_TASK_ROOT", bootstrap.task());
        variables.put("LAMBDA_RUNTIME_DIR", bootstrap.runtime());
        variables.put("LANG", "en_US.UTF-8");
        variables.put("PATH", "/usr/local/bin:/usr/bin/:/bin:/opt/bin");
        variables.put("LD_LIBRARY_PATH", libraryPath(bootstrap));
        variables.put("TZ", ":UTC");
        variables.put("AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR");
        variables.put("AWS_XRAY_DAEMON_ADDRESS", "169.254.79.129:2000");
        variables.putAll(settings.variables());
        return variables;
    }

    private static String libraryPath(Bootstrap bootstrap) {
        return String.join(
                ":",
                "/lib64",
                "/usr/lib64",
                bootstrap.runtime(),
                bootstrap.runtime() + "/lib",
                bootstrap.task(),
                bootstrap.task() + "/lib",
                bootstrap.opt() + "/lib");
    }

    private static String logStream(Clock clock) {
        String day = DateTimeFormatter.ofPattern("yyyy/MM/dd").format(LocalDate.now(clock));
        return day + "/[$LATEST]" + UUID.randomUUID().toString().replace("-", "");
    }
}
