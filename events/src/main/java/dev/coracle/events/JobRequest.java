package dev.coracle.events;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What shall run, before anything is known about images and trees.
 *
 * @param image name of an installed image; absent means the only one there is
 * @param command the full command line; empty means the image's entrypoint and cmd
 * @param env variables put over those of the image, in the order given
 * @param stdin text for standard input (UTF-8); absent means an empty input
 * @param workdir absolute directory inside the tree; absent means the image's
 * @param user {@code uid:gid}; absent means the image's
 * @param timeout positive; absent means as long as the caller has time
 */
public record JobRequest(
        Optional<String> image,
        List<String> command,
        Map<String, String> env,
        Optional<String> stdin,
        Optional<String> workdir,
        Optional<String> user,
        Optional<Duration> timeout) {

    /** Copies the collections; the order of {@code env} is kept. */
    public JobRequest {
        command = List.copyOf(command);
        env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
    }

    /** The job that says nothing: the only image, its own command, no input. */
    public static JobRequest empty() {
        return new JobRequest(
                Optional.empty(),
                List.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
