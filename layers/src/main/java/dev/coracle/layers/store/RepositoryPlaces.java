package dev.coracle.layers.store;

import dev.coracle.layers.FileProblem;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the parts of a repository are; each may be elsewhere, for instance on a disk that many read and nobody writes.
 *
 * @param repos a directory for each tag of each image
 * @param layers blobs, which images share
 * @param containers a directory for each container
 * @param bin programs of engines
 * @param lib what they need
 * @param doc their licences
 */
public record RepositoryPlaces(Path repos, Path layers, Path containers, Path bin, Path lib, Path doc) {
    /** All of them below one directory. */
    public static RepositoryPlaces under(Path top) {
        return of(top, Map.of());
    }

    /** Below one directory, but for those that {@code UDOCKER_REPOS}, {@code UDOCKER_LAYERS} and so on name. */
    public static RepositoryPlaces of(Path top, Map<String, String> environment) {
        return new RepositoryPlaces(
                place(top, environment, "REPOS", "repos"),
                place(top, environment, "LAYERS", "layers"),
                place(top, environment, "CONTAINERS", "containers"),
                place(top, environment, "BIN", "bin"),
                place(top, environment, "LIB", "lib"),
                place(top, environment, "DOC", "doc"));
    }

    private static Path place(Path top, Map<String, String> environment, String variable, String name) {
        return Optional.ofNullable(environment.get("UDOCKER_" + variable))
                .filter(value -> !value.isBlank())
                .map(Path::of)
                .orElse(top.resolve(name))
                .toAbsolutePath()
                .normalize();
    }

    /** Makes what is missing. */
    public void create() {
        for (Path each : all()) {
            try {
                Files.createDirectories(each);
            } catch (IOException e) {
                throw new LayerException(
                        Kind.IO, "make the repository's " + each, FileProblem.of(e), "choose another directory", e);
            }
        }
    }

    /** Is it a repository, by udocker's rule? */
    public boolean exist() {
        return List.of(repos, layers, containers, bin, lib).stream().allMatch(Files::isDirectory);
    }

    private List<Path> all() {
        return List.of(repos, layers, containers, bin, lib, doc);
    }
}
