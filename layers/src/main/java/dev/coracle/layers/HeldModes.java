package dev.coracle.layers;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Modes that a tree on its way into an archive does not get on the disk, because they would lock out the very user who
 * packs it: a program that may be executed but not read, a directory that nobody may list. Root is never locked out,
 * everybody else builds the same archive because of this.
 */
public final class HeldModes {
    private static final int FILE_NEEDS = 0400;
    private static final int DIRECTORY_NEEDS = 0700;

    private final boolean holding;
    private final Map<String, Integer> modes = new HashMap<>();

    private HeldModes(boolean holding) {
        this.holding = holding;
    }

    /** For a tree that is going to be used: every mode is set. */
    public static HeldModes none() {
        return new HeldModes(false);
    }

    /** For a tree that is going to be packed. */
    public static HeldModes forPacking() {
        return new HeldModes(true);
    }

    /** Remembers a directory's mode when needed and returns the one for the disk. */
    int directory(EntryName name, int mode) {
        return hold(name, mode, DIRECTORY_NEEDS);
    }

    /** Remembers a file's mode when needed and returns the one for the disk. */
    int file(EntryName name, int mode) {
        return hold(name, mode, FILE_NEEDS);
    }

    private int hold(EntryName name, int mode, int needed) {
        modes.remove(name.path());
        if (holding && (mode & needed) != needed) {
            modes.put(name.path(), mode);
            return mode | needed;
        }
        return mode;
    }

    /** A hard link has the mode of the file that it is. */
    void link(EntryName name, EntryName existing) {
        Optional<Integer> held = Optional.ofNullable(modes.get(existing.path()));
        modes.remove(name.path());
        held.ifPresent(mode -> modes.put(name.path(), mode));
    }

    /** The mode an entry should have, given the one on the disk. */
    int mode(EntryName name, int onDisk) {
        return modes.getOrDefault(name.path(), onDisk);
    }
}
