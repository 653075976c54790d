package dev.coracle.runtime;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The guest's variables: the image's, over them the request's, and what no program should miss. Nothing else. */
final class GuestEnvironment {
    /** What Docker gives to images that set no PATH. */
    static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private GuestEnvironment() {}

    /**
     * The variables in order: PATH and HOME first, so that a program listing them shows a stable order.
     *
     * @param image {@code NAME=value} lines; lines without a name are left out
     * @param home used when neither image nor request sets HOME
     */
    static Map<String, String> of(List<String> image, Map<String, String> request, String home) {
        Map<String, String> env = new LinkedHashMap<>();
        env.put("PATH", PATH);
        env.put("HOME", home);
        for (String line : image) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                env.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        env.putAll(request);
        return env;
    }
}
