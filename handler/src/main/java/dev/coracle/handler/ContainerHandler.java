package dev.coracle.handler;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.coracle.engines.EngineException;
import dev.coracle.engines.ProcessSecrets;
import dev.coracle.events.Event;
import dev.coracle.events.EventException;
import dev.coracle.events.EventReader;
import dev.coracle.events.JobResult;
import dev.coracle.events.JobResultWriter;
import dev.coracle.runtime.JobCall;
import dev.coracle.runtime.JobException;
import dev.coracle.runtime.JobPipeline;
import dev.coracle.runtime.RuntimeConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * The Lambda function: a direct event in, the command's result out.
 *
 * <p>A command that ran is always an answer, whatever its exit code. An event that cannot be read and an environment
 * that cannot run it fail the invocation with {@link InvocationFailure}.
 */
public final class ContainerHandler implements RequestStreamHandler {
    private final JobPipeline pipeline;
    private final AtomicBoolean cold = new AtomicBoolean(true);

    /** The function as Lambda makes it, set up by its environment variables. */
    public ContainerHandler() {
        this(System.getenv());
    }

    ContainerHandler(Map<String, String> env) {
        LogFormat.oneLineEach();
        ProcessSecrets.hide();
        Settings settings = Settings.of(env);
        pipeline = JobPipeline.of(config(settings, env.getOrDefault("PATH", "")), System.getProperty("os.arch", ""));
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        JobCall call = new JobCall(
                context.getAwsRequestId(),
                () -> Duration.ofMillis(context.getRemainingTimeInMillis()),
                cold.getAndSet(false));
        output.write(answer(input, call));
    }

    private byte[] answer(InputStream input, JobCall call) throws IOException {
        try {
            Event event = EventReader.read(input);
            JobResult result = pipeline.run(event.job(), call);
            return JobResultWriter.json(result);
        } catch (EventException e) {
            throw new InvocationFailure.BadRequest(oneLine(e));
        } catch (JobException e) {
            throw switch (e.kind()) {
                case UNKNOWN_IMAGE, UNFIT_REQUEST -> new InvocationFailure.BadRequest(oneLine(e));
                case BROKEN_IMAGE, NO_SPACE, NO_TIME, ENGINE, IO -> new InvocationFailure.BadFunction(oneLine(e));
            };
        } catch (EngineException e) {
            throw new InvocationFailure.BadFunction(oneLine(e));
        }
    }

    private static RuntimeConfig config(Settings settings, String path) {
        return new RuntimeConfig(
                settings.opt().resolve("coracle/images"),
                settings.opt().resolve("coracle/bin/coracle-engine"),
                settings.work(),
                settings.margin(),
                settings.maxResponseBytes(),
                new RuntimeConfig.Choosing(directories(path), settings.wishes()));
    }

    private static List<Path> directories(String path) {
        return Stream.of(path.split(":", -1))
                .filter(name -> name.startsWith("/"))
                .map(Path::of)
                .toList();
    }

    private static String oneLine(RuntimeException failure) {
        return String.valueOf(failure.getMessage()).replaceAll("\\s*\\R\\s*", " ");
    }
}
