package dev.coracle.layers.linux;

/** What the kernel knows of this process. */
public final class CurrentProcess {
    private CurrentProcess() {}

    /** Says whether it may give files away and make devices, as far as its user tells. */
    public static boolean isRoot() {
        return Libc.geteuid() == 0;
    }
}
