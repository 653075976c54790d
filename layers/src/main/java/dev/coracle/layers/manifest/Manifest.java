package dev.coracle.layers.manifest;

import dev.coracle.layers.Digest;
import dev.coracle.layers.blob.Descriptor;
import dev.coracle.layers.reference.Platform;
import java.util.List;
import java.util.Optional;

/** What a name at a registry turns out to be. */
public sealed interface Manifest {
    /**
     * One image for one platform.
     *
     * @param config its configuration
     * @param layers lowest first; the same one may occur twice
     */
    record ImageManifest(Descriptor config, List<Descriptor> layers) implements Manifest {
        /** Copies the list. */
        public ImageManifest {
            layers = List.copyOf(layers);
        }
    }

    /**
     * Several manifests, of which one is wanted.
     *
     * @param entries in the order of the index; attestations and the like are not among them
     */
    record Index(List<Entry> entries) implements Manifest {
        /** Copies the list. */
        public Index {
            entries = List.copyOf(entries);
        }

        /** The entry that runs best on a platform. */
        public Optional<Entry> best(Platform platform) {
            List<Platform> offered = entries.stream()
                    .map(entry -> entry.platform().orElse(platform))
                    .toList();
            return platform.best(offered).map(entries::get);
        }
    }

    /**
     * A manifest of an index, or another index.
     *
     * @param platform what it runs on; empty when the index does not say
     */
    record Entry(Descriptor descriptor, Optional<Platform> platform) {}

    /**
     * Docker's first form, without sizes and configuration.
     *
     * @param layers lowest first, those without files left out
     * @param history how the image wants to be run, and how it was made: the JSON of each layer, lowest first
     */
    record Schema1(List<Digest> layers, List<String> history) implements Manifest {
        /** Copies the lists. */
        public Schema1 {
            layers = List.copyOf(layers);
            history = List.copyOf(history);
        }
    }
}
