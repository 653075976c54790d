package dev.coracle.layers;

import dev.coracle.layers.LayerException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A name inside a tree: components without {@code .}, {@code ..} or empty ones, as byte strings (one char is one byte).
 *
 * @param parts the components from the top; empty for the top itself
 */
public record EntryName(List<String> parts) {
    /** Far above what images hold; it bounds open directories and recursion. */
    private static final int DEEPEST = 256;

    static final EntryName TOP = new EntryName(List.of());

    /**
     * Reads the name of an archive's entry; a leading slash means the top of the tree, as it does for every unpacker.
     *
     * @throws LayerException when a component is {@code ..}, holds a zero byte, or there are too many
     */
    public static EntryName parse(String raw) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        while (start <= raw.length()) {
            int slash = raw.indexOf('/', start);
            int end = slash < 0 ? raw.length() : slash;
            String part = raw.substring(start, end);
            if (part.equals("..") || part.indexOf('\0') >= 0) {
                throw refused(raw, "the name leaves the tree");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
            start = end + 1;
        }
        if (parts.size() > DEEPEST) {
            throw refused(raw, "the name is more than " + DEEPEST + " directories deep");
        }
        return new EntryName(List.copyOf(parts));
    }

    private static LayerException refused(String raw, String why) {
        return new LayerException(
                Kind.REFUSED, "unpack " + readable(raw), why, "the image is hostile or damaged, do not use it");
    }

    /** For messages: the bytes as UTF-8 text, control characters replaced. */
    static String readable(String byteString) {
        return new String(byteString.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
                .replaceAll("\\p{Cntrl}", "?");
    }

    boolean isTop() {
        return parts.isEmpty();
    }

    String last() {
        return parts.getLast();
    }

    EntryName parent() {
        return new EntryName(parts.subList(0, parts.size() - 1));
    }

    EntryName child(String part) {
        List<String> longer = new ArrayList<>(parts);
        longer.add(part);
        return new EntryName(longer);
    }

    /** The key under which maps hold it: the components joined by slashes, a byte string. */
    String path() {
        return String.join("/", parts);
    }

    @Override
    public String toString() {
        return readable(isTop() ? "/" : path());
    }
}
