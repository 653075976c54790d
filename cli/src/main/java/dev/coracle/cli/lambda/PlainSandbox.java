package dev.coracle.cli.lambda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Runs the bootstrap as an ordinary process of this user; layers are found through {@code CORACLE_OPT}. */
final class PlainSandbox implements Sandbox {
    private final LambdaSettings settings;
    private final Deployment deployment;
    private final ScratchFolder scratch;

    PlainSandbox(LambdaSettings settings, Deployment deployment, ScratchFolder scratch) {
        this.settings = settings;
        this.deployment = deployment;
        this.scratch = scratch;
    }

    @Override
    public Bootstrap bootstrap() {
        return new Bootstrap(
                settings.java().toString(),
                deployment.runtime().toString(),
                deployment.task().toString(),
                deployment.opt().toString());
    }

    @Override
    public FunctionProcess start(Map<String, String> variables, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(bootstrap().command(settings));
        builder.environment().clear();
        builder.environment().putAll(variables);
        builder.environment().put("CORACLE_OPT", deployment.opt().toString());
        // A new environment finds nothing of an earlier one, as in Lambda, and nothing stays in this machine's /tmp.
        Path work = Files.createTempDirectory(scratch.path(), "work-");
        builder.environment().putIfAbsent("CORACLE_WORK", work.toString());
        builder.directory(deployment.task().toFile());
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return new Plain(builder.start());
    }

    @Override
    public List<String> notices() {
        return List.of("the function runs unconfined: no limits, this machine's /tmp and files, this user's rights");
    }

    /** Processes that gave up their parents are not found again: a plain process has no fence to count them by. */
    private record Plain(Process process) implements FunctionProcess {
        @Override
        public Set<Integer> members() {
            return process.isAlive() ? ProcessTable.familyOf((int) process.pid()) : Set.of();
        }

        @Override
        public long maxMemoryBytes() {
            return members().stream().mapToLong(ProcessTable::peakBytes).sum();
        }

        @Override
        public void destroy() {
            members().forEach(pid -> ProcessTable.signal(pid, ProcessTable.SIGKILL));
            try {
                process.waitFor(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
