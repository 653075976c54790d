package dev.coracle.engines.audit;

import java.nio.file.Path;
import java.util.List;

/**
 * Where a confined process may get to.
 *
 * @param places directories or files of the host: the tree, and the host sides of binds
 * @param engine the engine's program: may be executed, and nothing else
 */
record AllowedPlaces(List<String> places, String engine) {
    AllowedPlaces {
        places = List.copyOf(places);
    }

    static AllowedPlaces of(Path tree, List<String> bindSources, Path engine) {
        List<String> places = new java.util.ArrayList<>(bindSources);
        places.add(tree.toString());
        return new AllowedPlaces(places, engine.toString());
    }

    /** Where the engine's processes tell each other of changes; no path of the guest leads there. */
    private static boolean isEnginesOwn(String path) {
        return path.matches("/tmp/\\.coracle-\\d+(/changes-[0-9a-fx-]+)?");
    }

    boolean contains(String path) {
        return isEnginesOwn(path)
                || places.stream()
                        .anyMatch(place ->
                                path.equals(place) || path.startsWith(place + "/") || path.startsWith(place + " ("));
    }
}
