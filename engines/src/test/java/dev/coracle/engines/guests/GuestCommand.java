package dev.coracle.engines.guests;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a guest is started with.
 *
 * @param argv the program as an absolute path inside the tree, then its arguments
 * @param environment the whole environment
 * @param stdin one character per byte (ISO 8859-1)
 * @param binds {@code HOST:GUEST[:ro]}, the mount points being there
 */
public record GuestCommand(List<String> argv, Map<String, String> environment, String stdin, List<String> binds) {
    /** Where every guest starts. */
    public static final String WORKDIR = "/work";

    public GuestCommand {
        argv = List.copyOf(argv);
        binds = List.copyOf(binds);
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    }
}
