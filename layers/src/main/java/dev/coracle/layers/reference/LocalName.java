package dev.coracle.layers.reference;

import dev.coracle.layers.Digest;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an image is called on this machine: the name as it was typed, and a tag or a digest. Wider than a
 * {@link Reference}, because udocker takes upper-case letters here.
 *
 * @param name with the host when it was typed; never a part that is empty or begins with a dot, as the repository's own files do
 * @param tag a tag, or a digest as {@code sha256:HEX}
 */
public record LocalName(String name, String tag) {
    private static final Pattern PART = Pattern.compile("[a-zA-Z0-9_\\[][a-zA-Z0-9_.:\\]-]*");
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
    private static final int LENGTH_MAX = 255;

    /**
     * Refuses whatever could lead out of a directory.
     *
     * @throws IllegalArgumentException with the name
     */
    public LocalName {
        boolean safe = Arrays.stream(name.split("/", -1))
                .allMatch(part -> PART.matcher(part).matches() && !part.equals(".") && !part.equals(".."));
        int colon = name.indexOf(':');
        boolean ported =
                colon < 0 || PORT.matcher(firstPart(name).substring(colon + 1)).matches();
        if (!safe || !ported || name.length() > LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "an image's name is letters, digits and . _ - with / between its parts: " + name);
        }
        if (tag.indexOf(':') >= 0) {
            Digest.parse(tag);
        } else {
            Reference.checkTag(tag);
        }
    }

    private static String firstPart(String name) {
        int slash = name.indexOf('/');
        int colon = name.indexOf(':');
        return slash < 0 || colon > slash ? name + "/" : name.substring(0, slash);
    }

    /**
     * Reads what a person typed: {@code name[:tag]}, {@code name[:tag]@digest}, or {@code name:sha256:HEX} as udocker lists it.
     *
     * @throws IllegalArgumentException when no image can be called so
     */
    public static LocalName parse(String text) {
        int at = text.indexOf('@');
        String named = at < 0 ? text : text.substring(0, at);
        int colon = Reference.tagColon(named);
        String name = colon < 0 ? named : named.substring(0, colon);
        if (at >= 0) {
            return new LocalName(name, text.substring(at + 1));
        }
        return new LocalName(name, colon < 0 ? Reference.DEFAULT_TAG : named.substring(colon + 1));
    }

    /**
     * Reads a place below udocker's {@code repos}, see {@link #place}; empty when no image can lie there.
     */
    public static Optional<LocalName> ofPlace(String place) {
        int slash = place.lastIndexOf('/');
        String last = place.substring(slash + 1);
        int colon = last.indexOf(':');
        boolean digest = last.startsWith("sha256:") || last.startsWith("sha512:");
        try {
            if (slash < 0) {
                return Optional.empty();
            } else if (colon < 0 || digest) {
                return Optional.of(new LocalName(place.substring(0, slash), last));
            }
            return Optional.of(LocalName.parse(place.replaceFirst("/", ":")));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Where udocker keeps it, relative to {@code repos}: it splits at the first colon, so {@code host:5000/a:b} lies in
     * {@code host/5000/a:b}.
     */
    public String place() {
        int colon = name.indexOf(':');
        return colon < 0 ? name + "/" + tag : name.substring(0, colon) + "/" + name.substring(colon + 1) + ":" + tag;
    }

    /** What it means at a registry; empty for names that only this machine knows. */
    public Optional<Reference> reference() {
        try {
            return Optional.of(Reference.parse(tag.indexOf(':') < 0 ? name + ":" + tag : name + "@" + tag));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** All names under which the same image may lie here, the one that was typed first. */
    public List<LocalName> alternatives() {
        Set<LocalName> found = new LinkedHashSet<>(List.of(this));
        reference().map(Reference::repository).ifPresent(repository -> {
            if (repository.registry().equals(RepositoryName.HUB)) {
                String path = repository.path();
                String shortest = path.startsWith("library/") ? path.substring("library/".length()) : path;
                for (String each : List.of(shortest, path)) {
                    found.add(new LocalName(each, tag));
                    found.add(new LocalName(RepositoryName.HUB + "/" + each, tag));
                }
            }
        });
        return List.copyOf(found);
    }

    /** As udocker lists it. */
    @Override
    public String toString() {
        return name + ":" + tag;
    }
}
