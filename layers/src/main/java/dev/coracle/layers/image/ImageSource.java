package dev.coracle.layers.image;

import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Where a tree comes from, as written on the command line: {@code SCHEME:REST}. */
public sealed interface ImageSource {
    /** An OCI layout, a directory or a tar of one; {@code oci:PATH[:TAG]}, the tag after the last colon. */
    record Oci(Path path, Optional<String> tag) implements ImageSource {}

    /** What {@code docker save} writes; {@code docker-archive:FILE[:REF]}, the reference after the first colon. */
    record DockerArchive(Path path, Optional<String> reference) implements ImageSource {}

    /** A tar of a root directory, compressed or not; {@code tar:FILE}. */
    record RootTar(Path path) implements ImageSource {}

    /** A root directory; {@code tree:DIR}. */
    record TreeDirectory(Path path) implements ImageSource {}

    /** Programs of this machine; {@code host:PROGRAM[,PROGRAM...]}. */
    record HostPrograms(List<String> programs) implements ImageSource {
        /** Copies the list. */
        public HostPrograms {
            programs = List.copyOf(programs);
        }
    }

    /**
     * Reads a source; nothing is looked up.
     *
     * @throws LayerException of {@link Kind#INVALID_REQUEST} when the scheme is unknown or nothing follows it
     */
    static ImageSource parse(String text) {
        int colon = text.indexOf(':');
        String scheme = colon < 0 ? text : text.substring(0, colon);
        String rest = colon < 0 ? "" : text.substring(colon + 1);
        try {
            return switch (scheme) {
                case "oci" -> oci(required(text, rest));
                case "docker-archive" -> dockerArchive(required(text, rest));
                case "tar" -> new RootTar(Path.of(required(text, rest)));
                case "tree" -> new TreeDirectory(Path.of(required(text, rest)));
                case "host" ->
                    new HostPrograms(Arrays.stream(required(text, rest).split(",", -1))
                            .map(each -> required(text, each.strip()))
                            .toList());
                default -> throw invalid(text, "there is no kind of source called " + scheme);
            };
        } catch (InvalidPathException e) {
            throw invalid(text, "it holds no file name: " + e.getReason());
        }
    }

    private static Oci oci(String rest) {
        int colon = rest.lastIndexOf(':');
        boolean tagged = colon > 0 && rest.indexOf('/', colon) < 0;
        return tagged
                ? new Oci(
                        Path.of(rest.substring(0, colon)),
                        Optional.of(required("oci:" + rest, rest.substring(colon + 1))))
                : new Oci(Path.of(rest), Optional.empty());
    }

    private static DockerArchive dockerArchive(String rest) {
        int colon = rest.indexOf(':');
        return colon > 0
                ? new DockerArchive(
                        Path.of(rest.substring(0, colon)),
                        Optional.of(required("docker-archive:" + rest, rest.substring(colon + 1))))
                : new DockerArchive(Path.of(rest), Optional.empty());
    }

    private static String required(String text, String part) {
        if (part.isEmpty()) {
            throw invalid(text, "something is missing in it");
        }
        return part;
    }

    private static LayerException invalid(String text, String happened) {
        return new LayerException(
                Kind.INVALID_REQUEST,
                "read the source " + text,
                happened,
                "write oci:PATH[:TAG], docker-archive:FILE[:REF], tar:FILE, tree:DIR or host:PROGRAM[,PROGRAM...]");
    }
}
