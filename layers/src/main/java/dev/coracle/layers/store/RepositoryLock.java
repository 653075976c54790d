package dev.coracle.layers.store;

import dev.coracle.layers.FileProblem;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.linux.AdvisoryLock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Who may do what at the same time. Whoever uses blobs shares {@link #USE}; whoever removes blobs that nobody needs has it alone. Whoever
 * changes what images there are has {@link #CHANGE} for a moment.
 */
final class RepositoryLock {
    private static final String USE = ".lock-use";
    private static final String CHANGE = ".lock-change";
    private static final String CONTAINERS = ".lock-containers";
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final RepositoryPlaces places;

    RepositoryLock(RepositoryPlaces places) {
        this.places = places;
    }

    /** Blobs stay while this is held. */
    AdvisoryLock use() {
        return wait(places.layers().resolve(USE), false);
    }

    /** Nobody uses blobs, or it is not had at once: then somebody else will tidy up later. */
    java.util.Optional<AdvisoryLock> alone() {
        try {
            return AdvisoryLock.exclusive(places.layers().resolve(USE), Duration.ZERO);
        } catch (IOException e) {
            throw failure(places.layers(), e);
        }
    }

    /** Nobody else changes tags. */
    AdvisoryLock change() {
        return wait(places.repos().resolve(CHANGE), true);
    }

    /** Nobody else begins or ends containers. */
    AdvisoryLock containers() {
        return wait(places.containers().resolve(CONTAINERS), true);
    }

    private static AdvisoryLock wait(Path file, boolean alone) {
        try {
            return (alone ? AdvisoryLock.exclusive(file, PATIENCE) : AdvisoryLock.shared(file, PATIENCE))
                    .orElseThrow(() -> new LayerException(
                            Kind.BUSY,
                            "use the repository of " + file.getParent(),
                            "another program has been changing it for a long time",
                            "end that program, or wait"));
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    static LayerException failure(Path place, IOException cause) {
        return new LayerException(
                Kind.IO,
                "use the repository's " + place,
                FileProblem.of(cause),
                "make it writable, or make room",
                cause);
    }
}
