package dev.coracle.engines;

import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The name by which all processes of one run are known, and killed.
 *
 * @param value 1 to 64 letters, digits and hyphens; never used for a second run
 */
public record RunId(String value) {
    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9-]{1,64}");

    /** Refuses values that could not stand in an environment entry. */
    public RunId {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException("a run id is 1 to 64 letters, digits and hyphens: " + value);
        }
    }

    /** A name that no other run has. */
    public static RunId random() {
        return new RunId(UUID.randomUUID().toString());
    }

    /** The beginning of an environment entry that every guest process of the run has and that the guest cannot see. */
    public String marker() {
        return "CORACLE_ENGINE=" + value + ":";
    }

    /** The environment entry of the engine's own processes, before they have become the guest. */
    Map.Entry<String, String> engineEntry() {
        return Map.entry("CORACLE_RUN", value);
    }
}
