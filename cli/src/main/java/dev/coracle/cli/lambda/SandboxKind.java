package dev.coracle.cli.lambda;

/** How a function is confined. */
public enum SandboxKind {
    /** {@link #RUNC} where this user and machine can, else {@link #NONE} with a notice. */
    AUTO,
    /** A runc container that refuses what Lambda refuses; needs root and the program runc. */
    RUNC,
    /** An ordinary process of this user: nothing is confined. */
    NONE
}
