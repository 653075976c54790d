package dev.coracle.engines;

/** The ways to run a guest, named as udocker names them. */
public enum Mode {
    /** In process: system calls are rewritten at load time; nothing is asked of the kernel. */
    F1
}
