package dev.coracle.engines;

import java.nio.file.Path;

/**
 * A file or directory of the host that the guest sees at a place of its own.
 *
 * @param host absolute path on the host
 * @param guest absolute path inside the tree
 * @param readOnly whether the guest may not change it
 */
public record Bind(Path host, String guest, boolean readOnly) {
    /** Refuses relative paths, and colons, which the engine's notation {@code HOST:GUEST} cannot carry. */
    public Bind {
        if (!host.isAbsolute() || host.toString().indexOf(':') >= 0) {
            throw new IllegalArgumentException("a bind's host path is absolute and has no colon: " + host);
        }
        if (!guest.startsWith("/") || guest.indexOf(':') >= 0) {
            throw new IllegalArgumentException("a bind's guest path is absolute and has no colon: " + guest);
        }
    }

    /** A bind through which the guest may write. */
    public static Bind writable(Path host, String guest) {
        return new Bind(host, guest, false);
    }

    /** A bind through which the guest can only read. */
    public static Bind readOnly(Path host, String guest) {
        return new Bind(host, guest, true);
    }
}
