package dev.coracle.engines;

/** The ways to run a guest, named as udocker names them. */
public enum Mode {
    /** In process: system calls are rewritten at load time; nothing is asked of the kernel. */
    F1,
    /** As F1, and a seccomp filter traps the system calls that were not rewritten, such as those of generated code. */
    F2,
    /** As F1, with the code of the tree's programs and libraries patched ahead, in an index beside the tree. */
    F3,
    /** The index of F3 and the filter of F2. */
    F4,
    /** As F2, but what was not rewritten stops for a tracer (ptrace and seccomp). */
    P1,
    /** As F1, with a tracer that sees every system call (ptrace alone). */
    P2,
    /** A container of runc, crun, runsc or youki. */
    R1,
    /** As R1, and P1 inside, which shows the guest any user. */
    R2,
    /** As R1, and P2 inside. */
    R3,
    /** A container of Apptainer or Singularity. */
    S1
}
