package dev.coracle.layers.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;

/**
 * What the kernel knows of a name.
 *
 * @param type what it is
 * @param mode permission bits, set-user-id, set-group-id and sticky
 * @param size bytes of a regular file
 * @param modified modification time
 * @param links number of names the file has
 * @param inode identity of the file, together with {@code device}
 * @param device identity of the file system
 * @param user whose it is
 * @param group whose it is
 * @param birth when it was made, in nanoseconds since 1970; 0 where the file system does not keep it
 */
public record FileStatus(
        Type type,
        int mode,
        long size,
        Instant modified,
        long links,
        long inode,
        long device,
        long user,
        long group,
        long birth) {
    /** The sorts of files. */
    public enum Type {
        /** Bytes. */
        REGULAR,
        /** Names. */
        DIRECTORY,
        /** A symbolic link. */
        SYMLINK,
        /** A named pipe. */
        FIFO,
        /** A device or a socket. */
        OTHER
    }

    static final int STATX_SIZE = 256;
    private static final int BIRTH = 0x800;
    static final int WANTED = 0x7ff | BIRTH;

    /** Reads {@code struct statx}, which is the same on every processor (unlike {@code struct stat}). */
    static FileStatus of(byte[] statx) {
        ByteBuffer b = ByteBuffer.wrap(statx).order(ByteOrder.nativeOrder());
        int mode = b.getShort(28);
        return new FileStatus(
                type(mode),
                mode & 07777,
                b.getLong(40),
                Instant.ofEpochSecond(b.getLong(112), b.getInt(120)),
                b.getInt(16),
                b.getLong(32),
                ((long) b.getInt(136) << 32) | b.getInt(140),
                b.getInt(20) & 0xffff_ffffL,
                b.getInt(24) & 0xffff_ffffL,
                (b.getInt(0) & BIRTH) == 0 ? 0 : b.getLong(80) * 1_000_000_000 + b.getInt(88));
    }

    private static Type type(int mode) {
        return switch (mode & 0170000) {
            case 0100000 -> Type.REGULAR;
            case 0040000 -> Type.DIRECTORY;
            case 0120000 -> Type.SYMLINK;
            case 0010000 -> Type.FIFO;
            default -> Type.OTHER;
        };
    }
}
