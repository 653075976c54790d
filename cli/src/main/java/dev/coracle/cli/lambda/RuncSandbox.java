package dev.coracle.cli.lambda;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Runs the bootstrap in a runc container that refuses what Lambda refuses. */
final class RuncSandbox implements Sandbox {
    private static final System.Logger LOG = System.getLogger(RuncSandbox.class.getName());
    private static final String RUNC = "runc";

    private final ScratchFolder scratch;
    private final RuncConfig config;
    private final boolean limited = MemoryCgroup.writable();

    RuncSandbox(LambdaSettings settings, Deployment deployment, ScratchFolder scratch) throws IOException {
        this.scratch = scratch;
        this.config = new RuncConfig(settings, deployment, RuncRoot.create(scratch));
    }

    /** Why this machine or user cannot, or empty when it can. */
    static String hindrance() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return "runc needs root";
        }
        for (String folder : List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")) {
            if (Files.isExecutable(Path.of(folder, RUNC))) {
                return "";
            }
        }
        return "the program runc is not installed";
    }

    @Override
    public Bootstrap bootstrap() {
        return Bootstrap.LAMBDA;
    }

    @Override
    public FunctionProcess start(Map<String, String> variables, Path log) throws IOException {
        String id = "coracle-" + UUID.randomUUID();
        Path bundle = ScratchFolder.openFolder(scratch.path().resolve(id));
        config.write(bundle.resolve("config.json"), limited ? "/" + id : "");
        Path pidFile = bundle.resolve("pid");
        List<String> command = runc();
        command.addAll(List.of("run", "--no-new-keyring", "--bundle", bundle.toString()));
        command.addAll(List.of("--pid-file", pidFile.toString(), id));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        Process process = builder.start();
        give(RuncConfig.variables(variables), process);
        return new Container(id, pidFile, process);
    }

    private static void give(byte[] variables, Process process) {
        try (OutputStream input = process.getOutputStream()) {
            input.write(variables);
        } catch (IOException e) {
            // It ended before it read; how it ended is seen and said by whoever waits for it.
            LOG.log(System.Logger.Level.DEBUG, "the container took no variables: {0}", e.getMessage());
        }
    }

    @Override
    public List<String> notices() {
        return limited
                ? List.of()
                : List.of("control groups are not writable here: the memory size limits the Java heap only");
    }

    private List<String> runc() {
        List<String> command = new ArrayList<>();
        command.addAll(List.of(RUNC, "--root", scratch.path().resolve("state").toString()));
        if (!limited) {
            // As root, runc insists on control groups unless it believes that it may not have them.
            command.addAll(List.of("--rootless", "true"));
        }
        return command;
    }

    private final class Container implements FunctionProcess {
        private final String id;
        private final Path pidFile;
        private final Process process;

        Container(String id, Path pidFile, Process process) {
            this.id = id;
            this.pidFile = pidFile;
            this.process = process;
        }

        @Override
        public Process process() {
            return process;
        }

        @Override
        public Set<Integer> members() {
            int init = init();
            return init == 0 ? Set.of() : ProcessTable.namespaceOf(init);
        }

        @Override
        public long maxMemoryBytes() {
            long resident =
                    members().stream().mapToLong(ProcessTable::peakBytes).sum();
            return limited ? Math.max(resident, MemoryCgroup.peakBytes(init())) : resident;
        }

        @Override
        public void destroy() {
            int init = awaitInit();
            if (init != 0 && process.isAlive()) {
                // The kernel kills all of a pid namespace with its first process.
                ProcessTable.signal(init, ProcessTable.SIGKILL);
            }
            try {
                process.waitFor(5, TimeUnit.SECONDS);
                List<String> delete = runc();
                delete.addAll(List.of("delete", "--force", id));
                new ProcessBuilder(delete)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor(10, TimeUnit.SECONDS);
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "cannot delete container " + id, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                process.destroyForcibly();
            }
        }

        /** A half-made container cannot be deleted cleanly, so one that is just starting may finish that. */
        private int awaitInit() {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
            while (init() == 0 && process.isAlive() && System.nanoTime() < deadline) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
            return init();
        }

        /** The first process of the container by its id out here, 0 before there is one. */
        private int init() {
            try {
                String text = Files.exists(pidFile) ? Files.readString(pidFile).strip() : "";
                return text.isEmpty() ? 0 : Integer.parseInt(text);
            } catch (IOException e) {
                return 0;
            }
        }
    }
}
