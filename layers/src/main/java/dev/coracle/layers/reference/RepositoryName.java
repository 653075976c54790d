package dev.coracle.layers.reference;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A repository at a registry, in the one form that serves as its identity.
 *
 * @param registry host, with a port when one was given; {@code docker.io} for Docker Hub under all its names
 * @param path lower-case components with slashes; with {@code library/} where Docker Hub means it
 */
public record RepositoryName(String registry, String path) {
    /** Docker Hub, as images name it. */
    public static final String HUB = "docker.io";

    /** The distribution specification leaves 255 characters for host and path together. */
    private static final int LENGTH_MAX = 255;

    private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final Pattern PATH = Pattern.compile(COMPONENT + "(?:/" + COMPONENT + ")*");
    private static final String LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
    private static final Pattern REGISTRY =
            Pattern.compile("(?:" + LABEL + "(?:\\." + LABEL + ")*|\\[[0-9a-fA-F:]+])(?::[0-9]{1,5})?");
    private static final Pattern IMAGE_ID = Pattern.compile("[0-9a-f]{64}");

    /**
     * Checks both parts against the grammar of the distribution specification.
     *
     * @throws IllegalArgumentException with the part that is wrong
     */
    public RepositoryName {
        if (!REGISTRY.matcher(registry).matches()) {
            throw new IllegalArgumentException("a registry is written host[:port]: " + registry);
        }
        if (!PATH.matcher(path).matches()) {
            throw new IllegalArgumentException(
                    "a repository is lower-case letters and digits, with . _ or - inside and /" + " between its parts: "
                            + path);
        }
        if (registry.length() + 1 + path.length() > LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "a repository's name has at most " + LENGTH_MAX + " characters: " + path);
        }
        // Only capitals tell a host without a dot from a path.
        String lower = registry.toLowerCase(Locale.ROOT);
        registry = isHost(lower) ? lower : registry;
    }

    /**
     * Reads {@code [host[:port]/]path} and says what it means: without a host, Docker Hub.
     *
     * @throws IllegalArgumentException when it is no such name
     */
    public static RepositoryName parse(String name) {
        int slash = name.indexOf('/');
        if (slash < 0 || !isHost(name.substring(0, slash))) {
            if (IMAGE_ID.matcher(name).matches()) {
                throw new IllegalArgumentException("64 digits are an image's id, not its name: " + name);
            }
            return hub(name);
        }
        String host = name.substring(0, slash);
        String path = name.substring(slash + 1);
        return isHub(host) ? hub(path) : new RepositoryName(host, path);
    }

    /** A first component is a host when no repository could be called so. */
    private static boolean isHost(String first) {
        return first.indexOf('.') >= 0
                || first.indexOf(':') >= 0
                || first.equals("localhost")
                || !first.toLowerCase(Locale.ROOT).equals(first);
    }

    /** Is it one of the names that Docker Hub goes by? */
    public static boolean isHub(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.equals(HUB) || lower.equals("index." + HUB) || lower.equals("registry-1." + HUB);
    }

    private static RepositoryName hub(String path) {
        return new RepositoryName(HUB, path.indexOf('/') < 0 ? "library/" + path : path);
    }

    /** The whole name, host and all. */
    @Override
    public String toString() {
        return registry + "/" + path;
    }
}
