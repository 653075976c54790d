package dev.coracle.layers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;

/**
 * Modes, times and attributes that directories get when everything is in its place: filling a directory changes its
 * time, and needs a permission that its final mode may not give.
 */
final class PendingDirectories {
    private final TreeMap<String, Described> byPath = new TreeMap<>();

    /** One directory and what it will get. */
    record Described(EntryName name, Metadata metadata) {}

    /** An entry describes the directory; the last description wins. */
    void describe(EntryName name, Metadata metadata) {
        byPath.put(name.path(), new Described(name, metadata));
    }

    /** The directory and all below it are gone. */
    void forget(EntryName name) {
        String path = name.path();
        byPath.remove(path);
        // '0' is the character after '/': the range holds exactly the names below.
        byPath.subMap(path + "/", path + "0").clear();
    }

    /** All that wait, those inside before those around them. */
    List<Described> deepestFirst() {
        List<Described> all = new ArrayList<>(byPath.values());
        Collections.reverse(all);
        return all;
    }
}
