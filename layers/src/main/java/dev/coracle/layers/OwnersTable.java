package dev.coracle.layers;

import dev.coracle.layers.linux.FileStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The table of owners as the engine reads it: what the disk does not have of files, in a file beside their tree. The format is
 * in {@code docs/owners.md}; the engine's {@code guest/owners_format.h} has the same numbers.
 */
public final class OwnersTable {
    private static final String SUFFIX = ".coracle-owners";
    private static final byte[] MARK = "CORACLE-OWNERS\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte VERSION = 1;
    private static final int BUCKETS_AT = 4096;
    private static final int HASH_BITS = 15;
    private static final int RECORDS_AT = BUCKETS_AT + (4 << HASH_BITS);
    private static final int RECORD_BYTES = 48;
    private static final long INODE_MIX = 0x9e3779b97f4a7c15L;
    private static final int NOTHING_LOCKED = 1;
    private static final long HAS_OWNER = 1L << 16;
    private static final long HAS_MODE = 1L << 17;
    private static final long IN_USE = 1L << 18;

    private final FileStatus top;
    private final Map<Long, Entry> byInode = new LinkedHashMap<>();

    private record Entry(FileStatus status, HeldModes.Held held) {}

    /** A table for the tree with this top directory; what has no entry belongs to root. */
    OwnersTable(FileStatus top) {
        this.top = top;
    }

    /** Where the engine looks for the table of a tree. */
    public static Path beside(Path tree) {
        Path absolute = tree.toAbsolutePath();
        return absolute.resolveSibling(absolute.getFileName() + SUFFIX);
    }

    /** Adds a file of the tree's own file system; a second name of it changes nothing. */
    void add(FileStatus status, HeldModes.Held held) {
        byInode.put(status.inode(), new Entry(status, held));
    }

    /** Writes the table, whole; nobody may be using the tree yet. */
    void write(Path file) {
        ByteBuffer table = ByteBuffer.allocate(RECORDS_AT + (byInode.size() + 1) * RECORD_BYTES)
                .order(ByteOrder.nativeOrder());
        table.put(MARK).put(VERSION);
        table.putLong(top.inode()).putLong(top.birth());
        table.putInt(byInode.size() + 1).putInt(NOTHING_LOCKED);
        int number = 1;
        for (Entry entry : byInode.values()) {
            put(table, number, entry);
            number++;
        }
        try {
            Files.write(file, table.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void put(ByteBuffer table, int number, Entry entry) {
        long inode = entry.status().inode();
        int bucket = BUCKETS_AT + 4 * (int) ((inode * INODE_MIX) >>> (Long.SIZE - HASH_BITS));
        HeldModes.Held held = entry.held();
        long what = IN_USE
                | held.mode()
                | (held.owner().equals(Owner.ROOT) ? 0 : HAS_OWNER)
                | (held.mode() == held.onDisk() ? 0 : HAS_MODE)
                | ((long) held.special() << 32);
        table.position(RECORDS_AT + number * RECORD_BYTES);
        // The tree's own device is 0: its number may change from one day to the next.
        table.putLong(0).putLong(inode).putLong(entry.status().birth());
        table.putLong(held.owner().user() << 32 | held.owner().group()).putLong(what);
        table.putInt(table.getInt(bucket)).putInt(0);
        table.putInt(bucket, number);
    }
}
