package dev.coracle.layers.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * An open directory. All names are one component relative to it, and no call follows a link in the last component, so
 * nothing done through it can leave the tree it stands in.
 */
public final class OpenDirectory implements AutoCloseable {
    private static final int HERE = -100;
    private static final int NAME_OFFSET = 19;
    private static final int LINK_MAX = 4096;
    /** The same number for every processor. */
    private static final int OPENAT2 = 437;

    private static final long HOW_BYTES = 24;
    private static final long NO_MAGIC_LINKS = 2;
    private static final long NO_SYMLINKS = 4;
    private static final long BENEATH = 8;

    private final Descriptor descriptor;
    private final String shown;

    private OpenDirectory(Descriptor descriptor, String shown) {
        this.descriptor = descriptor;
        this.shown = shown;
    }

    /** Opens the top of a tree; here links are followed, because the caller chose the path. */
    public static OpenDirectory open(Path directory) throws IOException {
        byte[] path = (directory.toAbsolutePath() + "\0").getBytes(StandardCharsets.UTF_8);
        int fd = Libc.openat(HERE, path, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0);
        ErrnoException.check(fd, "open", directory.toString());
        return new OpenDirectory(new Descriptor(fd, directory::toString), directory.toString());
    }

    /** Opens a directory below; a link gives ENOTDIR or ELOOP. */
    public OpenDirectory openChild(String name) throws IOException {
        int flags = Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW;
        return new OpenDirectory(open(name, flags, 0), show(name));
    }

    /**
     * Opens a directory several levels below, in one call of the kernel, which itself sees to it that no link is on the way and that nothing
     * leads out; empty where the kernel cannot do that (before 5.6, or where a filter forbids it), or there is no such directory.
     */
    public Optional<OpenDirectory> openBelow(List<String> names) {
        String path = String.join("/", names);
        long[] how = {Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0, BENEATH | NO_SYMLINKS | NO_MAGIC_LINKS};
        int opened = (int) Libc.syscall(OPENAT2, fd(), Libc.name(path), how, HOW_BYTES);
        return opened < 0
                ? Optional.empty()
                : Optional.of(new OpenDirectory(new Descriptor(opened, () -> show(path)), show(path)));
    }

    /** A second opening of the same directory, to be closed by itself. */
    public OpenDirectory reopen() throws IOException {
        return new OpenDirectory(open(".", Libc.O_RDONLY | Libc.O_DIRECTORY, 0), shown);
    }

    /** Opens a regular file for reading. */
    public Descriptor openFile(String name) throws IOException {
        return open(name, Libc.O_RDONLY | Libc.O_NOFOLLOW, 0);
    }

    /** Creates a file that must not exist, readable and writable by its owner only. */
    public Descriptor createFile(String name) throws IOException {
        return open(name, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL | Libc.O_NOFOLLOW, 0600);
    }

    private Descriptor open(String name, int flags, int mode) throws IOException {
        int fd = Libc.openat(fd(), Libc.name(name), flags | Libc.O_CLOEXEC, mode);
        check(fd, "open", name);
        return new Descriptor(fd, () -> show(name));
    }

    /** Creates a directory that must not exist, open to its owner only. */
    public void makeDirectory(String name) throws IOException {
        check(Libc.mkdirat(fd(), Libc.name(name), 0700), "make directory", name);
    }

    /** Creates a named pipe that must not exist. */
    public void makeFifo(String name) throws IOException {
        check(Libc.mkfifoat(fd(), Libc.name(name), 0600), "make pipe", name);
    }

    /** Creates a device node that must not exist, of a type and number as {@code mknod(2)} has them. */
    public void makeDevice(String name, int type, int number) throws IOException {
        check(Libc.mknodat(fd(), Libc.name(name), type | 0600, number), "make device", name);
    }

    /** Creates a symbolic link that must not exist. */
    public void makeSymlink(String target, String name) throws IOException {
        check(Libc.symlinkat(Libc.name(target), fd(), Libc.name(name)), "make link", name);
    }

    /** Gives a file (or a symbolic link itself) of another directory a second name here. */
    public void makeHardLink(OpenDirectory from, String existing, String name) throws IOException {
        if (Libc.linkat(from.fd(), Libc.name(existing), fd(), Libc.name(name), 0) < 0) {
            throw ErrnoException.last("link " + from.show(existing) + " as", show(name));
        }
    }

    /** Removes a name that is not a directory; EISDIR for one. */
    public void unlink(String name) throws IOException {
        check(Libc.unlinkat(fd(), Libc.name(name), 0), "remove", name);
    }

    /** Removes an empty directory. */
    public void removeDirectory(String name) throws IOException {
        check(Libc.unlinkat(fd(), Libc.name(name), Libc.AT_REMOVEDIR), "remove directory", name);
    }

    /** Sets the times of a name, of the link itself when it is one. */
    public void setModified(String name, Instant time) throws IOException {
        int result = Libc.utimensat(fd(), Libc.name(name), Descriptor.timespecs(time), Libc.AT_SYMLINK_NOFOLLOW);
        check(result, "set the time of", name);
    }

    /** Sets the mode of a name that is known to be no link, such as a pipe made a moment ago. */
    public void setMode(String name, int mode) throws IOException {
        check(Libc.fchmodat(fd(), Libc.name(name), mode, 0), "chmod", name);
    }

    /** Gives a name to somebody, the link itself when it is one. */
    public void setOwner(String name, long user, long group) throws IOException {
        int result = Libc.fchownat(fd(), Libc.name(name), (int) user, (int) group, Libc.AT_SYMLINK_NOFOLLOW);
        check(result, "change the owner of", name);
    }

    /** What a name is, of the link itself when it is one. */
    public FileStatus status(String name) throws IOException {
        byte[] result = new byte[FileStatus.STATX_SIZE];
        int got = Libc.statx(fd(), Libc.name(name), Libc.AT_SYMLINK_NOFOLLOW, FileStatus.WANTED, result);
        check(got, "look at", name);
        return FileStatus.of(result);
    }

    /** The target of a symbolic link, as a byte string. */
    public String readSymlink(String name) throws IOException {
        byte[] target = new byte[LINK_MAX];
        long size = check(Libc.readlinkat(fd(), Libc.name(name), target, target.length), "read link", name);
        return new String(target, 0, (int) size, StandardCharsets.ISO_8859_1);
    }

    /** All names in it but {@code .} and {@code ..}, sorted by their bytes. */
    public List<String> names() throws IOException {
        // Its own opening: reading moves the position, and closing the stream closes the descriptor.
        Pointer stream = Libc.fdopendir(reopen().fd());
        if (Pointer.nativeValue(stream) == 0) {
            throw new ErrnoException("list", shown, Native.getLastError());
        }
        try {
            List<String> names = new ArrayList<>();
            for (Pointer entry = Libc.readdir(stream); entry != null; entry = Libc.readdir(stream)) {
                names.add(name(entry));
            }
            names.removeAll(Arrays.asList(".", ".."));
            Collections.sort(names);
            return names;
        } finally {
            Libc.closedir(stream);
        }
    }

    private static String name(Pointer entry) {
        return entry.getString(NAME_OFFSET, "ISO-8859-1");
    }

    /** Mode, times and attributes of the directory itself. */
    public Descriptor descriptor() {
        return descriptor;
    }

    private int fd() {
        return descriptor.fd();
    }

    private long check(long result, String call, String name) throws ErrnoException {
        if (result < 0) {
            throw ErrnoException.last(call, show(name));
        }
        return result;
    }

    private String show(String name) {
        return shown + "/" + name;
    }

    @Override
    public void close() throws IOException {
        descriptor.close();
    }
}
