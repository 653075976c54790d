package dev.coracle.events;

/** How long a text becomes as the inside of a JSON string in UTF-8, and where to cut it to fit. */
public final class JsonText {
    private JsonText() {}

    /** Bytes that {@code text} takes between its quotes. */
    public static long size(String text) {
        long size = 0;
        for (int i = 0; i < text.length(); i = next(text, i)) {
            size += size(text.codePointAt(i));
        }
        return size;
    }

    /** The longest beginning of {@code text} that takes at most {@code budget} bytes; no character is split. */
    public static String cut(String text, long budget) {
        long size = 0;
        for (int i = 0; i < text.length(); i = next(text, i)) {
            size += size(text.codePointAt(i));
            if (size > budget) {
                return text.substring(0, i);
            }
        }
        return text;
    }

    private static int next(String text, int index) {
        return index + Character.charCount(text.codePointAt(index));
    }

    private static int size(int character) {
        return switch (character) {
            case '"', '\\', '\b', '\t', '\n', '\f', '\r' -> 2;
            default -> character < 0x20 ? 6 : utf8(character);
        };
    }

    private static int utf8(int character) {
        if (character < 0x80) {
            return 1;
        }
        if (character < 0x800) {
            return 2;
        }
        return character < 0x10000 ? 3 : 4;
    }
}
