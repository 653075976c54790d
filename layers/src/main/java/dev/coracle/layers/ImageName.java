package dev.coracle.layers;

import java.util.regex.Pattern;

/** The rule for image names inside layers: they are folder names under {@code coracle/images}. */
public final class ImageName {
    private static final Pattern RULE = Pattern.compile("[a-z0-9][a-z0-9._-]{0,127}");

    private ImageName() {}

    /**
     * Returns the name unchanged.
     *
     * @throws IllegalArgumentException when it is not {@code [a-z0-9][a-z0-9._-]*} of at most 128 characters
     */
    public static String check(String name) {
        if (!RULE.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "an image name is lower-case letters, digits and . _ -, beginning with a letter or digit: " + name);
        }
        return name;
    }
}
