package dev.coracle.layers.linux;

import com.sun.jna.Native;
import java.io.IOException;

/** A system call said no. */
public final class ErrnoException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Operation not permitted. */
    public static final int EPERM = 1;
    /** No such file or directory. */
    public static final int ENOENT = 2;
    /** Interrupted by a signal. */
    public static final int EINTR = 4;
    /** Would have to wait. */
    public static final int EAGAIN = 11;
    /** The file system is read-only. */
    public static final int EROFS = 30;
    /** File exists. */
    public static final int EEXIST = 17;
    /** Permission denied. */
    public static final int EACCES = 13;
    /** Not a directory. */
    public static final int ENOTDIR = 20;
    /** Is a directory. */
    public static final int EISDIR = 21;
    /** No space left on device. */
    public static final int ENOSPC = 28;
    /** Too many links, or a link where none may be. */
    public static final int ELOOP = 40;

    private final int errno;

    ErrnoException(String call, String name, int errno) {
        super(call + " " + name + ": " + meaning(errno));
        this.errno = errno;
    }

    /** The number of the error. */
    public int errno() {
        return errno;
    }

    /** What the last call of this thread said. */
    static ErrnoException last(String call, String name) {
        return new ErrnoException(call, name, Native.getLastError());
    }

    /** Returns a result that is not negative, or throws what errno says. */
    static long check(long result, String call, String name) throws ErrnoException {
        if (result < 0) {
            throw last(call, name);
        }
        return result;
    }

    private static String meaning(int errno) {
        return switch (errno) {
            case EPERM -> "operation not permitted";
            case ENOENT -> "no such file or directory";
            case EINTR -> "interrupted";
            case EAGAIN -> "somebody else holds it";
            case EACCES -> "permission denied";
            case EEXIST -> "exists already";
            case 18 -> "lies on another file system";
            case ENOTDIR -> "not a directory";
            case EISDIR -> "is a directory";
            case 22 -> "not valid here";
            case 24 -> "too many open files";
            case ENOSPC -> "no space left";
            case EROFS -> "the file system is read-only";
            case 34 -> "too large";
            case 36 -> "the name is too long";
            case ELOOP -> "is a link";
            case 95 -> "not supported by this file system";
            case 122 -> "disk quota exceeded";
            default -> "error " + errno;
        };
    }
}
