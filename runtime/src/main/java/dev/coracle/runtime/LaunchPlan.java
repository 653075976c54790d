package dev.coracle.runtime;

import dev.coracle.engines.Bind;
import dev.coracle.engines.Launch;
import dev.coracle.events.JobRequest;
import dev.coracle.layers.FileProblem;
import dev.coracle.layers.ImageConfig;
import dev.coracle.runtime.JobException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Turns what was asked for and what the image says into a launch, by the rules of {@code docker run}. */
final class LaunchPlan {
    private static final List<String> KERNEL_VIEWS = List.of("/proc", "/sys");
    private static final String RESOLVER = "/etc/resolv.conf";

    private final Path root;
    private final ImageConfig config;
    private final JobRequest request;

    LaunchPlan(Path root, ImageConfig config, JobRequest request) {
        this.root = root;
        this.config = config;
        this.request = request;
    }

    /** The launch; directories that the guest relies on exist in the tree when this returns. */
    Launch launch() {
        Optional<String> spec =
                request.user().or(() -> config.user().isEmpty() ? Optional.empty() : Optional.of(config.user()));
        GuestUser user = GuestUser.of(root, spec.orElse(""));
        Map<String, String> env = GuestEnvironment.of(config.env(), request.env(), home(user));
        return new Launch(root, binds(), workdir(), env, Optional.of(user.ids()), command());
    }

    /** A command in the request is the whole command line; otherwise the image's entrypoint and cmd. */
    private List<String> command() {
        List<String> command = request.command().isEmpty()
                ? Stream.concat(config.entrypoint().stream(), config.cmd().stream())
                        .toList()
                : request.command();
        if (command.isEmpty()) {
            throw new JobException(
                    Kind.UNFIT_REQUEST,
                    "finding the command",
                    "the request has none and the image names none",
                    "give \"command\"");
        }
        return command;
    }

    /** As Docker does, a working directory that is not there is made. */
    private String workdir() {
        String workdir = request.workdir().orElse(config.workdir());
        try {
            Files.createDirectories(GuestPath.resolve(root, workdir));
            return workdir;
        } catch (InvalidPathException e) {
            // Java cannot name it in this locale; the engine can, and says so when it is not there.
            return workdir;
        } catch (IOException e) {
            throw new JobException(
                    Kind.UNFIT_REQUEST,
                    "making the working directory " + workdir,
                    FileProblem.of(e),
                    "name another",
                    e);
        }
    }

    /** The user's home when it is there and can be written, else a place that is. */
    private String home(GuestUser user) {
        return Stream.of(user.home(), "/tmp")
                .filter(home -> home.startsWith("/") && home.length() > 1)
                .filter(this::isWritableDirectory)
                .findFirst()
                .orElse("/");
    }

    private boolean isWritableDirectory(String guest) {
        try {
            Path directory = GuestPath.resolve(root, guest);
            return Files.isDirectory(directory) && Files.isWritable(directory);
        } catch (IOException | InvalidPathException e) {
            return false;
        }
    }

    private List<Bind> binds() {
        List<Bind> binds = new ArrayList<>(devices());
        for (String view : KERNEL_VIEWS) {
            if (Files.isDirectory(Path.of(view))) {
                binds.add(Bind.writable(Path.of(view), view));
            }
        }
        if (Files.isRegularFile(Path.of(RESOLVER)) && Files.isDirectory(root.resolve("etc"))) {
            binds.add(Bind.readOnly(Path.of(RESOLVER), RESOLVER));
        }
        return binds;
    }

    private List<Bind> devices() {
        try {
            return new GuestDevices(Path.of("/dev"), root).prepare();
        } catch (IOException e) {
            throw new JobException(Kind.IO, "making /dev in the tree", FileProblem.of(e), "free some of /tmp", e);
        }
    }
}
