package dev.coracle.layers.reference;

import java.util.regex.Pattern;

/** The rule for names of this very machine, to which nobody else can listen. */
public final class LoopbackName {
    private static final Pattern FOUR = Pattern.compile("127(?:\\.[0-9]{1,3}){3}");

    private LoopbackName() {}

    /** Is the host, without a port, this machine? */
    public static boolean is(String host) {
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || host.equals("::1")
                || host.equals("[::1]")
                || FOUR.matcher(host).matches();
    }
}
