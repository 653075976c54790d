package dev.coracle.layers;

import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an entry has besides its name and content.
 *
 * @param mode permission bits, set-user-id, set-group-id and sticky
 * @param owner who it belongs to
 * @param modified modification time
 * @param attributes extended attributes by name, values as bytes
 */
public record Metadata(int mode, Owner owner, Instant modified, SortedMap<String, byte[]> attributes) {
    /** What a directory gets that nobody described. */
    static final Metadata UNDESCRIBED_DIRECTORY = of(0755);

    /** The mode alone: root's, the beginning of 1970, no attributes. */
    public static Metadata of(int mode) {
        return new Metadata(mode, Owner.ROOT, Instant.EPOCH, new TreeMap<>());
    }
}
