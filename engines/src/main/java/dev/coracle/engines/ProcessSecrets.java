package dev.coracle.engines;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Keeps this process's memory and environment from processes of the same user. A guest sees {@code /proc}, and with it
 * the environment of whoever started it, credentials included, unless that process is marked as not dumpable.
 */
public final class ProcessSecrets {
    private static final Logger LOG = System.getLogger(ProcessSecrets.class.getName());
    private static final int PR_SET_DUMPABLE = 4;

    private ProcessSecrets() {}

    /**
     * Hides this process until it ends; children are not affected. Says in the log when the host refuses. Root can look
     * all the same.
     *
     * @return whether it is hidden now
     */
    public static boolean hide() {
        try {
            Calls.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
            return true;
        } catch (LastErrorException | UnsatisfiedLinkError e) {
            LOG.log(Level.WARNING, "commands can read this function''s environment in /proc: {0}", e.getMessage());
            return false;
        }
    }

    /** Loaded only when asked for: JNA unpacks its own library first. */
    private static final class Calls {
        static {
            Native.register("c");
        }

        static native int prctl(int option, long a, long b, long c, long d) throws LastErrorException;
    }
}
