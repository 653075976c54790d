package dev.coracle.handler;

/** The log as CloudWatch shows it best: one line for each message; the time is already beside it. */
final class LogFormat {
    private static final String KEY = "java.util.logging.SimpleFormatter.format";

    private LogFormat() {}

    /** Has an effect only before the first message is logged; a format that somebody has set stays. */
    static void oneLineEach() {
        if (System.getProperty(KEY) == null) {
            System.setProperty(KEY, "%4$s %5$s%6$s%n");
        }
    }
}
