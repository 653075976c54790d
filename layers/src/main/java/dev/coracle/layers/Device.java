package dev.coracle.layers;

/**
 * The device that a node stands for.
 *
 * @param block a block device, not a character device
 * @param major which driver
 * @param minor which of its devices
 */
public record Device(boolean block, int major, int minor) {
    private static final int CHARACTER_TYPE = 0020000;
    private static final int BLOCK_TYPE = 0060000;

    /** The bits of {@code st_mode} that say so. */
    int type() {
        return block ? BLOCK_TYPE : CHARACTER_TYPE;
    }

    /** The number as the kernel packs it into 32 bits. */
    int number() {
        return (minor & 0xff) | (major & 0xfff) << 8 | (minor & ~0xff) << 12;
    }
}
