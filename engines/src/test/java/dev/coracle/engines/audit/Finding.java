package dev.coracle.engines.audit;

/** A system call that reached, or could have reached, what is outside. */
record Finding(String why, TracedCall call) {
    private static final int SHOWN = 300;

    @Override
    public String toString() {
        String line = call.line();
        return why + ": " + call.pid() + " " + (line.length() > SHOWN ? line.substring(0, SHOWN) + "..." : line);
    }
}
