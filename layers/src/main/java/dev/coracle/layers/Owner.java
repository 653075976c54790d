package dev.coracle.layers;

/**
 * Who a file belongs to.
 *
 * @param user the number of the user, not negative
 * @param group the number of the group, not negative
 */
public record Owner(long user, long group) {
    /** Whom nearly everything in an image belongs to. */
    public static final Owner ROOT = new Owner(0, 0);

    /** Refuses what no kernel knows. */
    public Owner {
        if (user < 0 || user > 0xffff_fffeL || group < 0 || group > 0xffff_fffeL) {
            throw new IllegalArgumentException("not a user and group: " + user + ":" + group);
        }
    }
}
