package dev.coracle.engines.audit;

import java.util.List;

/**
 * One system call as strace recorded it.
 *
 * @param pid the thread that made it
 * @param name the call's name
 * @param arguments the arguments' texts, with strace's annotations
 * @param result what follows the equals sign: a number with annotation and error name, or a question mark
 * @param line the record itself
 */
record TracedCall(int pid, String name, List<String> arguments, String result, String line) {
    TracedCall {
        arguments = List.copyOf(arguments);
    }

    /** The argument's text; empty when the call has fewer. */
    String argument(int index) {
        return index < arguments.size() ? arguments.get(index) : "";
    }

    boolean succeeded() {
        return !result.startsWith("-1 ") && !result.startsWith("?");
    }
}
