package dev.coracle.layers;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a tree has in its archive and does not get on the disk.
 *
 * <p>On its way into another archive: modes that would lock out the very user who packs it (a program that may be executed
 * but not read, a directory that nobody may list), and owners, which only root could give. For use by an ordinary user:
 * the same, and set-user-ID bits, which would be that user's, and devices; the table of owners tells the engine of them.
 */
public final class HeldModes {
    private static final int FILE_NEEDS = 0400;
    private static final int DIRECTORY_NEEDS = 0700;

    private enum Purpose {
        /** Every mode is set, and nothing else. */
        NOTHING,
        /** Into an archive. */
        PACKING,
        /** By root, who can have everything on the disk. */
        USING_AS_ROOT,
        /** By somebody else. */
        USING
    }

    /**
     * What one name should have.
     *
     * @param mode permission bits; for a device with its type
     * @param onDisk the permission bits that the disk has
     * @param special number of a device
     */
    record Held(int mode, int onDisk, Owner owner, int special) {}

    private final Purpose purpose;
    private final TreeMap<String, Held> held = new TreeMap<>();

    private HeldModes(Purpose purpose) {
        this.purpose = purpose;
    }

    /** For a tree that only has to have its modes. */
    public static HeldModes none() {
        return new HeldModes(Purpose.NOTHING);
    }

    /** For a tree that is going to be packed. */
    public static HeldModes forPacking() {
        return new HeldModes(Purpose.PACKING);
    }

    /** For a tree that is going to be used by the engine, run by root or by an ordinary user. */
    public static HeldModes forUse(boolean byRoot) {
        return new HeldModes(byRoot ? Purpose.USING_AS_ROOT : Purpose.USING);
    }

    /** Are owners set on the disk? */
    boolean givesOwners() {
        return purpose == Purpose.USING_AS_ROOT;
    }

    /** Does what is held go into a table beside the tree? */
    boolean inTable() {
        return purpose == Purpose.USING;
    }

    /** Remembers what is needed of a directory and returns the mode for the disk. */
    int directory(EntryName name, Metadata metadata) {
        int onDisk = switch (purpose) {
            case NOTHING, USING_AS_ROOT -> metadata.mode();
            case PACKING -> metadata.mode() | DIRECTORY_NEEDS;
            case USING -> (metadata.mode() & 03777) | DIRECTORY_NEEDS;
        };
        return hold(name, metadata, onDisk);
    }

    /** Remembers what is needed of a file or pipe and returns the mode for the disk. */
    int file(EntryName name, Metadata metadata) {
        int mode = metadata.mode();
        int onDisk = switch (purpose) {
            case NOTHING, USING_AS_ROOT -> mode;
            case PACKING -> mode | FILE_NEEDS;
            // As guest/ownership.c does: root may execute what anyone may.
            case USING -> (mode & 01777) | 0600 | ((mode & 0111) != 0 ? 0100 : 0);
        };
        return hold(name, metadata, onDisk);
    }

    /** Remembers the owner of a symbolic link, which has no mode. */
    void symlink(EntryName name, Metadata metadata) {
        hold(name, metadata, metadata.mode());
    }

    /** Remembers a device, for which there is an empty file that nobody may open. */
    void device(EntryName name, Metadata metadata, int type, int special) {
        held.put(name.path(), new Held(type | metadata.mode(), 0, metadata.owner(), special));
    }

    private int hold(EntryName name, Metadata metadata, int onDisk) {
        held.remove(name.path());
        boolean holding = purpose == Purpose.PACKING || purpose == Purpose.USING;
        if (holding && (onDisk != metadata.mode() || !metadata.owner().equals(Owner.ROOT))) {
            held.put(name.path(), new Held(metadata.mode(), onDisk, metadata.owner(), 0));
        }
        return onDisk;
    }

    /** A hard link is the file that it is. */
    void link(EntryName name, EntryName existing) {
        Optional<Held> other = Optional.ofNullable(held.get(existing.path()));
        held.remove(name.path());
        other.ifPresent(each -> held.put(name.path(), each));
    }

    /** The name and all below it are gone. */
    void forget(EntryName name) {
        String path = name.path();
        held.remove(path);
        // '0' is the character after '/': the range holds exactly the names below.
        held.subMap(path + "/", path + "0").clear();
    }

    /** The mode an entry should have, given the one on the disk. */
    int mode(EntryName name, int onDisk) {
        Held each = held.get(name.path());
        return each == null ? onDisk : each.mode();
    }

    /** Who an entry should belong to. */
    Owner owner(EntryName name) {
        Held each = held.get(name.path());
        return each == null ? Owner.ROOT : each.owner();
    }

    /** All that is held, by path. */
    SortedMap<String, Held> all() {
        return held;
    }
}
