package dev.coracle.engines;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A command inside a tree, complete: nothing is taken from the caller's own environment.
 *
 * @param root absolute path of the tree
 * @param overlay keeps the tree as it is, where the guest's changes go instead; absent means the guest changes the tree
 * @param binds what of the host the guest sees
 * @param workdir absolute directory inside the tree
 * @param env the guest's whole environment
 * @param user {@code uid:gid} that the guest shall see as its own; absent means the engine's default
 * @param command program and arguments; a program without a slash is looked up in the guest's PATH
 */
public record Launch(
        Path root,
        Optional<Overlay> overlay,
        List<Bind> binds,
        String workdir,
        Map<String, String> env,
        Optional<String> user,
        List<String> command) {

    /** A launch whose guest changes the tree itself. */
    public Launch(
            Path root,
            List<Bind> binds,
            String workdir,
            Map<String, String> env,
            Optional<String> user,
            List<String> command) {
        this(root, Optional.empty(), binds, workdir, env, user, command);
    }

    /** Copies the collections and refuses an empty command and relative paths. */
    public Launch {
        binds = List.copyOf(binds);
        env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
        command = List.copyOf(command);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("a launch needs a command: " + command);
        }
        if (!root.isAbsolute() || !workdir.startsWith("/")) {
            throw new IllegalArgumentException("root and workdir are absolute: " + root + ", " + workdir);
        }
    }
}
