package dev.coracle.layers.linux;

import com.sun.jna.Memory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** An open file or directory and what can be done with it whatever it is. Not for use by several threads. */
public final class Descriptor implements AutoCloseable {
    /** Bytes that one call to {@link #read} or {@link #write} moves at most. */
    public static final int CHUNK = 1 << 17;

    private static final ThreadLocal<Memory> BUFFER = ThreadLocal.withInitial(() -> new Memory(CHUNK));
    private static final int ATTRIBUTES_MAX = 1 << 16;

    private final int fd;
    private final Supplier<String> name;
    private boolean closed;

    /** @param name what it is called when something goes wrong */
    Descriptor(int fd, Supplier<String> name) {
        this.fd = fd;
        this.name = name;
    }

    int fd() {
        return fd;
    }

    long check(long result, String call) throws ErrnoException {
        if (result < 0) {
            throw ErrnoException.last(call, name.get());
        }
        return result;
    }

    /** Reads up to {@link #CHUNK} bytes; 0 at the end of the file. */
    public int read(byte[] into) throws IOException {
        Memory buffer = BUFFER.get();
        int wanted = Math.min(into.length, CHUNK);
        int got = (int) check(Libc.read(fd, buffer, wanted), "read");
        buffer.read(0, into, 0, got);
        return got;
    }

    /** Writes the first bytes of the array, at most {@link #CHUNK}, completely. */
    public void write(byte[] from, int length) throws IOException {
        Memory buffer = BUFFER.get();
        buffer.write(0, from, 0, length);
        long done = check(Libc.write(fd, buffer, length), "write");
        while (done < length) {
            done += check(Libc.write(fd, buffer.share(done), length - done), "write");
        }
    }

    /** Goes on at another place; what is passed over and never written is a hole. */
    public void seek(long offset) throws IOException {
        check(Libc.lseek(fd, offset, 0), "seek in");
    }

    /** Gives a file its size, with a hole at its end where it is shorter. */
    public void setSize(long size) throws IOException {
        check(Libc.ftruncate(fd, size), "set the size of");
    }

    /** Sets permission bits, set-user-id, set-group-id and sticky. */
    public void setMode(int mode) throws IOException {
        check(Libc.fchmod(fd, mode), "chmod");
    }

    /** Gives it to somebody. */
    public void setOwner(long user, long group) throws IOException {
        check(Libc.fchown(fd, (int) user, (int) group), "change the owner of");
    }

    /** Sets access and modification time to the same instant. */
    public void setModified(Instant time) throws IOException {
        check(Libc.futimens(fd, timespecs(time)), "set the time of");
    }

    /** Sets one extended attribute. */
    public void setAttribute(String attribute, byte[] value) throws IOException {
        check(Libc.fsetxattr(fd, Libc.name(attribute), value, value.length, 0), "set attribute " + attribute + " of");
    }

    /** All extended attributes, by name; empty where the file system has none. */
    public SortedMap<String, byte[]> attributes() throws IOException {
        SortedMap<String, byte[]> found = new TreeMap<>();
        // Asking for the size alone is cheap, and nearly every file has none.
        if (Libc.flistxattr(fd, new byte[0], 0) <= 0) {
            return found;
        }
        byte[] buffer = new byte[ATTRIBUTES_MAX];
        long size = check(Libc.flistxattr(fd, buffer, buffer.length), "list attributes of");
        String names = new String(buffer, 0, (int) size, StandardCharsets.ISO_8859_1);
        for (String attribute : names.split("\0", -1)) {
            if (!attribute.isEmpty()) {
                found.put(attribute, attribute(attribute, buffer));
            }
        }
        return found;
    }

    private byte[] attribute(String attribute, byte[] buffer) throws IOException {
        long size = check(
                Libc.fgetxattr(fd, Libc.name(attribute), buffer, buffer.length), "read attribute " + attribute + " of");
        return Arrays.copyOf(buffer, (int) size);
    }

    static long[] timespecs(Instant time) {
        long seconds = time.getEpochSecond();
        return new long[] {seconds, time.getNano(), seconds, time.getNano()};
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            check(Libc.close(fd), "close");
        }
    }
}
