package dev.coracle.layers.reference;

import dev.coracle.layers.Digest;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An image at a registry: {@code [host[:port]/]path[:tag][@digest]}. Two references are equal when they mean the same image,
 * however they were typed.
 *
 * @param repository where it is
 * @param tag what it is called there; empty when nothing but a digest was given
 * @param digest what it must be; it decides when both are given
 */
public record Reference(RepositoryName repository, Optional<String> tag, Optional<Digest> digest) {
    /** The tag that is meant when there is neither tag nor digest. */
    public static final String DEFAULT_TAG = "latest";

    private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");

    /** Checks the tag, and that something says which image it is. */
    public Reference {
        tag.ifPresent(Reference::checkTag);
        if (tag.isEmpty() && digest.isEmpty()) {
            throw new IllegalArgumentException("neither tag nor digest: " + repository);
        }
    }

    /**
     * Reads what a person typed.
     *
     * @throws IllegalArgumentException when it does not follow the grammar, with the part that does not
     */
    public static Reference parse(String text) {
        int at = text.indexOf('@');
        Optional<Digest> digest = at < 0 ? Optional.empty() : Optional.of(Digest.parse(text.substring(at + 1)));
        String named = at < 0 ? text : text.substring(0, at);
        int colon = tagColon(named);
        String name = colon < 0 ? named : named.substring(0, colon);
        if (colon >= 0) {
            return new Reference(RepositoryName.parse(name), Optional.of(named.substring(colon + 1)), digest);
        }
        Optional<String> tag = digest.isPresent() ? Optional.empty() : Optional.of(DEFAULT_TAG);
        return new Reference(RepositoryName.parse(name), tag, digest);
    }

    /** The colon before a tag; one with a slash after it belongs to a port. */
    static int tagColon(String named) {
        return named.indexOf(':', named.lastIndexOf('/') + 1);
    }

    static void checkTag(String tag) {
        if (!TAG.matcher(tag).matches()) {
            throw new IllegalArgumentException(
                    "a tag is up to 128 letters, digits and _ . -, and begins with none of the last two: " + tag);
        }
    }

    /** The same image, named by what it is. */
    public Reference at(Digest exactly) {
        return new Reference(repository, tag, Optional.of(exactly));
    }

    /** What a registry is asked for: the digest where there is one. */
    public String wanted() {
        return digest.map(Digest::toString).or(() -> tag).orElse(DEFAULT_TAG);
    }

    /** The normal form, complete. */
    @Override
    public String toString() {
        return repository
                + tag.map(each -> ":" + each).orElse("")
                + digest.map(each -> "@" + each).orElse("");
    }
}
