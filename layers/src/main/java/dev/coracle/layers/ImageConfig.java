package dev.coracle.layers;

import java.util.List;

/**
 * What an image says about running it.
 *
 * @param entrypoint the fixed first words of the command; empty when the image names none
 * @param cmd the default further words; empty when the image names none
 * @param env {@code NAME=value} lines in the image's order
 * @param workdir an absolute directory of the tree; {@code /} when the image names none
 * @param user {@code user}, {@code uid}, {@code user:group} or {@code uid:gid}; empty for root
 */
public record ImageConfig(List<String> entrypoint, List<String> cmd, List<String> env, String workdir, String user) {
    /** Copies the lists and gives an empty working directory its meaning, {@code /}. */
    public ImageConfig {
        entrypoint = List.copyOf(entrypoint);
        cmd = List.copyOf(cmd);
        env = List.copyOf(env);
        workdir = workdir.isEmpty() ? "/" : workdir;
    }

    /** The configuration of a tree that came without one: no command, root's user, {@code /}. */
    public static ImageConfig empty() {
        return new ImageConfig(List.of(), List.of(), List.of(), "/", "");
    }
}
