package dev.coracle.engines.audit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads strace's way of writing arguments. Texts are one character per byte (ISO 8859-1). */
final class ArgumentText {
    private static final Pattern DESCRIPTOR = Pattern.compile("^(?:-?\\d+|AT_FDCWD)<(.*)>$", Pattern.DOTALL);
    private static final Pattern OPENS_ANNOTATION = Pattern.compile("(?:^|[\\s,{\\[(=])(?:\\d+|AT_FDCWD)$");

    private final String text;
    private final List<String> arguments = new ArrayList<>();
    private int start;
    private int depth;

    private ArgumentText(String text) {
        this.text = text;
    }

    /** Splits at the commas between arguments. */
    static List<String> split(String text) {
        ArgumentText reading = new ArgumentText(text);
        reading.run();
        return reading.arguments;
    }

    private void run() {
        for (int at = 0; at < text.length(); at++) {
            switch (text.charAt(at)) {
                case '"' -> at = closingQuote(text, at);
                case '<' -> at = closingAnnotation(at);
                case '(', '[', '{' -> depth++;
                case ')', ']', '}' -> depth--;
                case ',' -> endArgument(at);
                default -> {}
            }
        }
        depth = 0;
        endArgument(text.length());
    }

    private void endArgument(int at) {
        if (depth != 0) {
            return;
        }
        String argument = text.substring(start, at).strip();
        if (!argument.isEmpty()) {
            arguments.add(argument);
        }
        start = at + 1;
    }

    private static int closingQuote(String text, int open) {
        int at = open + 1;
        while (at < text.length() && text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return at;
    }

    private int closingAnnotation(int open) {
        if (!OPENS_ANNOTATION.matcher(text.substring(start, open)).find()) {
            return open;
        }
        int close = text.indexOf('>', open);
        return close < 0 ? open : close;
    }

    /** What {@code 3</path>} or {@code AT_FDCWD</path>} says in its angle brackets. */
    static Optional<String> annotation(String argument) {
        Matcher matcher = DESCRIPTOR.matcher(argument);
        return matcher.matches() ? Optional.of(unescape(matcher.group(1))) : Optional.empty();
    }

    /** The bytes of a quoted string; empty when the argument is not one, such as NULL or a bad address. */
    static Optional<String> string(String argument) {
        if (!argument.startsWith("\"")) {
            return Optional.empty();
        }
        return Optional.of(unescape(argument.substring(1, Math.min(closingQuote(argument, 0), argument.length()))));
    }

    /** Says whether strace cut the string. */
    static boolean isCut(String argument) {
        return argument.endsWith("\"...");
    }

    private static String unescape(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '\\' || at + 1 == text.length()) {
                bytes.write(c);
                at++;
                continue;
            }
            int end = at + 2;
            while (Character.isDigit(text.charAt(at + 1))
                    && end < text.length()
                    && end < at + 4
                    && Character.isDigit(text.charAt(end))) {
                end++;
            }
            bytes.write(escaped(text.substring(at + 1, end)));
            at = end;
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private static int escaped(String code) {
        return switch (code) {
            case "n" -> '\n';
            case "t" -> '\t';
            case "r" -> '\r';
            case "v" -> 0x0b;
            case "f" -> '\f';
            default -> Character.isDigit(code.charAt(0)) ? Integer.parseInt(code, 8) : code.charAt(0);
        };
    }
}
