package dev.coracle.layers;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The processors that trees are built for, with their names in the kernel's and in the image world's words. */
public enum Architecture {
    /** 64-bit x86. */
    X86_64("x86_64", "amd64"),
    /** 64-bit ARM. */
    AARCH64("aarch64", "arm64");

    private final String kernelName;
    private final String imageName;

    Architecture(String kernelName, String imageName) {
        this.kernelName = kernelName;
        this.imageName = imageName;
    }

    /**
     * Understands both names of each architecture.
     *
     * @throws IllegalArgumentException for any other word
     */
    public static Architecture parse(String word) {
        return Arrays.stream(values())
                .filter(each -> each.kernelName.equals(word) || each.imageName.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the architectures are "
                        + Arrays.stream(values()).map(Architecture::toString).collect(Collectors.joining(" and "))
                        + ", not: " + word));
    }

    /** The name that image indexes use: {@code amd64} or {@code arm64}. */
    public String imageName() {
        return imageName;
    }

    /** {@code x86_64} or {@code aarch64}. */
    @Override
    public String toString() {
        return kernelName;
    }
}
