package dev.coracle.engines.host;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Something that a host may allow or refuse, as {@code coracle-engine probe} names it. */
public enum Capability {
    /** A user namespace of one's own, with a map of ids. */
    USER_NAMESPACES,
    /** User, mount and process namespaces, and a {@code /proc} mounted in them. */
    CONTAINER,
    /** Mounting in a mount namespace, with the rights that the caller has. */
    MOUNT,
    /** chroot(2). */
    CHROOT,
    /** Tracing a child. */
    PTRACE,
    /** The promise never to gain rights by executing a program. */
    NO_NEW_PRIVILEGES,
    /** A seccomp filter of one's own. */
    SECCOMP_FILTER,
    /** A seccomp filter that asks another process. */
    SECCOMP_NOTIFICATION,
    /** openat2(2). */
    OPENAT2,
    /** Executing a program in memory. */
    MEMORY_PROGRAM,
    /** Executing a program from the work directory. */
    DIRECTORY_PROGRAM,
    /** Switching the randomisation of addresses off. */
    PERSONALITY,
    /** io_uring. */
    IO_URING,
    /** System calls of 32-bit programs. */
    COMPAT_CALLS,
    /** Reading the memory of another process of one's own. */
    PEER_MEMORY;

    /** The name in the probe's answer. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Capability> named(String word) {
        return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }
}
