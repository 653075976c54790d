package dev.coracle.layers.reference;

import dev.coracle.layers.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What an image runs on, {@code os/architecture[/variant]}, in the words of image indexes.
 *
 * @param os such as {@code linux}
 * @param architecture such as {@code amd64}
 * @param variant such as {@code v7}; empty where the architecture's usual one is meant
 */
public record Platform(String os, String architecture, String variant) {
    private static final String ARM = "arm";
    private static final String ARM64 = "arm64";
    private static final String AMD64 = "amd64";
    private static final String LINUX = "linux";

    /** Brings the words that kernels and distributions use into those of image indexes. */
    public Platform {
        os = os.toLowerCase(Locale.ROOT);
        String word = architecture.toLowerCase(Locale.ROOT);
        String given = variant.toLowerCase(Locale.ROOT);
        architecture = switch (word) {
            case "x86_64", "x86-64" -> AMD64;
            case "aarch64" -> ARM64;
            case "i386", "i486", "i586", "i686", "x86" -> "386";
            case "armhf", "armel", "armv7l", "armv6l", "armv8l" -> ARM;
            default -> word;
        };
        given = given.matches("[0-9]+") ? "v" + given : given;
        variant = switch (architecture) {
            case ARM -> !given.isEmpty() ? given : word.equals("armel") || word.equals("armv6l") ? "v6" : "v7";
            case ARM64 -> given.equals("v8") ? "" : given;
            case AMD64 -> given.equals("v1") ? "" : given;
            default -> given;
        };
        if (os.isEmpty() || architecture.isEmpty()) {
            throw new IllegalArgumentException("a platform is written os/architecture[/variant]: " + os + "/" + word);
        }
    }

    /** Linux on one of the processors that the engines know. */
    public static Platform linux(Architecture architecture) {
        return new Platform(LINUX, architecture.imageName(), "");
    }

    /**
     * Reads {@code os/architecture[/variant]}, or {@code os} alone for this machine's architecture.
     *
     * @param machine what {@code uname -m} says of this machine
     * @throws IllegalArgumentException when it is something else
     */
    public static Platform parse(String text, String machine) {
        String[] parts = text.split("/", -1);
        return switch (parts.length) {
            case 1 -> new Platform(parts[0], machine, "");
            case 2 -> new Platform(parts[0], parts[1], "");
            case 3 -> new Platform(parts[0], parts[1], parts[2]);
            default -> throw new IllegalArgumentException("a platform is written os/architecture[/variant]: " + text);
        };
    }

    /** All platforms whose programs run on this one, the best first. */
    public List<Platform> runs() {
        List<Platform> runs = new ArrayList<>(List.of(this));
        int version = version().orElse(0);
        int least = architecture.equals(ARM)
                ? 5
                : architecture.equals(ARM64) ? 8 : architecture.equals(AMD64) ? 1 : version;
        for (int lower = version - 1; lower >= least; lower--) {
            runs.add(new Platform(os, architecture, "v" + lower));
        }
        return runs;
    }

    private Optional<Integer> version() {
        return variant.matches("v[0-9]{1,2}") ? Optional.of(Integer.parseInt(variant.substring(1))) : Optional.empty();
    }

    /** The place of the best of several platforms for this one; empty when none of them runs here. */
    public Optional<Integer> best(List<Platform> offered) {
        return runs().stream().map(offered::indexOf).filter(index -> index >= 0).findFirst();
    }

    @Override
    public String toString() {
        return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
    }
}
