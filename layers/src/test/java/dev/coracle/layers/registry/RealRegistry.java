package dev.coracle.layers.registry;

import dev.coracle.layers.Shell;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Debian's docker-registry on this machine; ends with its test. Skips the test, visibly, when it is not installed. */
public final class RealRegistry implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("listening on ([0-9.]+:[0-9]+)");
    private static final int START_SECONDS = 30;

    private final Process process;
    private final String name;

    private RealRegistry(Process process, String name) {
        this.process = process;
        this.name = name;
    }

    /**
     * Starts one.
     *
     * @param directory for its configuration and its images, which survive it
     * @param more lines of its configuration, each part with its indentation
     */
    public static RealRegistry start(Path directory, String... more) throws Exception {
        Shell.needs("docker-registry");
        Shell.needs("skopeo");
        List<String> lines = new ArrayList<>(List.of(
                "version: 0.1",
                "log: {level: info, accesslog: {disabled: true}}",
                "storage: {filesystem: {rootdirectory: '" + directory.resolve("store")
                        + "'}, delete: {enabled: true}}"));
        lines.addAll(List.of(more));
        boolean secure = lines.stream().anyMatch(line -> line.startsWith("http:"));
        if (!secure) {
            lines.add("http: {addr: '127.0.0.1:0'}");
        }
        Path config = Files.write(directory.resolve("registry.yml"), lines);
        Process process = new ProcessBuilder("docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .start();
        return new RealRegistry(process, address(process));
    }

    private static String address(Process process) throws Exception {
        CompletableFuture<String> found = new CompletableFuture<>();
        Thread reader = Thread.ofVirtual().unstarted(() -> read(process, found));
        reader.start();
        try {
            return found.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** Reads to the end, so that the registry never waits for its log to be read. */
    private static void read(Process process, CompletableFuture<String> found) {
        StringBuilder log = new StringBuilder();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.append(line).append('\n');
                Matcher listening = LISTENING.matcher(line);
                if (listening.find()) {
                    found.complete(listening.group(1));
                }
            }
        } catch (IOException e) {
            log.append(e);
        }
        found.completeExceptionally(new AssertionError("the registry did not start:\n" + log));
    }

    /** Its name in references. */
    public String name() {
        return name;
    }

    /** Copies an image into it with skopeo, which is told where it may be careless. */
    public void push(Path directory, String from, String to, String... options) throws Exception {
        Shell.run(
                directory,
                "skopeo copy -q --dest-tls-verify=false " + String.join(" ", options) + " " + from + " docker://" + name
                        + "/" + to);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().orTimeout(START_SECONDS, TimeUnit.SECONDS).join();
    }
}
