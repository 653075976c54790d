package dev.coracle.cli.demo;

/** How words stand out: in colours for a person at a terminal, not at all elsewhere. */
public enum Style {
    /** With the escape sequences of ECMA-48. */
    COLOURS,
    /** As it is. */
    PLAIN;

    String strong(String text) {
        return with("1", text);
    }

    String faint(String text) {
        return with("2", text);
    }

    String good(String text) {
        return with("32", text);
    }

    String warning(String text) {
        return with("33", text);
    }

    private String with(String attribute, String text) {
        return this == COLOURS ? "\033[" + attribute + "m" + text + "\033[0m" : text;
    }
}
