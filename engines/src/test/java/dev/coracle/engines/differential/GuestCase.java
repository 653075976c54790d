package dev.coracle.engines.differential;

import dev.coracle.engines.Mode;
import dev.coracle.engines.guests.GuestCommand;
import dev.coracle.engines.guests.Outside;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One guest of a case file.
 *
 * @param name sentence-like, unique in its file
 * @param file the case file it is from
 * @param command the program and its first arguments
 * @param script what {@link #SCRIPT} holds in the tree
 * @param stdin what the guest can read
 * @param options what may differ, and what has to be there
 */
record GuestCase(String name, String file, List<String> command, String script, String stdin, CaseOptions options) {
    /** Where the case's text is inside the tree; it is the last argument unless the case has a command of its own. */
    static final String SCRIPT = GuestCommand.WORKDIR + "/script";

    GuestCase {
        command = List.copyOf(command);
    }

    /**
     * What a case allows and asks for.
     *
     * @param needs files of the tree without which the case is skipped
     * @param normalisations what may differ
     * @param environment variables beyond the usual ones
     * @param binds {@code NAME:GUEST[:ro]}, the names being those of {@link Outside}
     * @param differsIn the modes in which the engine is known not to do this right yet; the case then fails when it does
     */
    record CaseOptions(
            List<String> needs,
            List<Normalisation> normalisations,
            Map<String, String> environment,
            List<String> binds,
            Set<Mode> differsIn) {
        CaseOptions {
            needs = List.copyOf(needs);
            normalisations = List.copyOf(normalisations);
            environment = Map.copyOf(environment);
            binds = List.copyOf(binds);
            differsIn = Set.copyOf(differsIn);
        }
    }

    GuestCommand guest(Path hostOnly, Path tree) {
        Map<String, String> environment = new TreeMap<>(Map.of(
                "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "HOME", "/root",
                "LANG", "C.UTF-8",
                "TZ", "UTC",
                "PYTHONDONTWRITEBYTECODE", "1",
                "HOST_ONLY", hostOnly.toString()));
        environment.putAll(options.environment());
        return new GuestCommand(new ArrayList<>(command), environment, stdin, Outside.make(tree, options.binds()));
    }

    String normalise(String text) {
        String result = text;
        for (Normalisation normalisation : options.normalisations()) {
            result = normalisation.apply(result);
        }
        return result;
    }

    @Override
    public String toString() {
        return file + ": " + name;
    }
}
