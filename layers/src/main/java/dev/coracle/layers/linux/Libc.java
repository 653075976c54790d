package dev.coracle.layers.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;

/** The C library, bound directly; every call gives -1 (or null) and errno on failure. */
final class Libc {
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_REMOVEDIR = 0x200;
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0x40;
    static final int O_EXCL = 0x80;
    static final int O_CLOEXEC = 0x80000;
    static final int O_DIRECTORY;
    static final int O_NOFOLLOW;

    static {
        Native.register(Libc.class, "c");
        // These two are the only flags used here whose value depends on the processor.
        boolean arm = "aarch64".equals(System.getProperty("os.arch"));
        O_DIRECTORY = arm ? 0x4000 : 0x10000;
        O_NOFOLLOW = arm ? 0x8000 : 0x20000;
    }

    private Libc() {}

    static native int openat(int directory, byte[] name, int flags, int mode);

    /** {@code openat2}, which libraries have no name for. */
    static native long syscall(long number, int directory, byte[] name, long[] how, long size);

    static native int close(int fd);

    static native int flock(int fd, int operation);

    static native long read(int fd, Pointer buffer, long size);

    static native long write(int fd, Pointer buffer, long size);

    static native long lseek(int fd, long offset, int whence);

    static native int ftruncate(int fd, long size);

    static native int mkdirat(int directory, byte[] name, int mode);

    static native int mkfifoat(int directory, byte[] name, int mode);

    static native int mknodat(int directory, byte[] name, int mode, long device);

    static native int fchownat(int directory, byte[] name, int user, int group, int flags);

    static native int fchown(int fd, int user, int group);

    static native int geteuid();

    static native int symlinkat(byte[] target, int directory, byte[] name);

    static native int linkat(int fromDirectory, byte[] from, int toDirectory, byte[] to, int flags);

    static native int unlinkat(int directory, byte[] name, int flags);

    static native long readlinkat(int directory, byte[] name, byte[] target, long size);

    static native int statx(int directory, byte[] name, int flags, int mask, byte[] result);

    static native int fchmodat(int directory, byte[] name, int mode, int flags);

    static native int fchmod(int fd, int mode);

    static native int futimens(int fd, long[] times);

    static native int utimensat(int directory, byte[] name, long[] times, int flags);

    static native int fsetxattr(int fd, byte[] name, byte[] value, long size, int flags);

    static native long fgetxattr(int fd, byte[] name, byte[] value, long size);

    static native long flistxattr(int fd, byte[] names, long size);

    static native Pointer fdopendir(int fd);

    static native Pointer readdir(Pointer directory);

    static native int closedir(Pointer directory);

    /** A byte string with the zero that C wants at its end. */
    static byte[] name(String byteString) {
        byte[] bytes = byteString.getBytes(StandardCharsets.ISO_8859_1);
        byte[] terminated = new byte[bytes.length + 1];
        System.arraycopy(bytes, 0, terminated, 0, bytes.length);
        return terminated;
    }
}
