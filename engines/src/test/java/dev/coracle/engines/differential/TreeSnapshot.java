package dev.coracle.engines.differential;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Everything in a tree at one moment, by its path inside the tree; what is mounted on it is not entered. */
record TreeSnapshot(Path root, Map<String, Entry> entries) {
    private static final String FORMAT = "%P\\0%y\\0%m\\0%U:%G\\0%s\\0%T@\\0%C@\\0%n\\0%l\\0";
    private static final int FIELDS = 9;

    /**
     * What can be told without reading it.
     *
     * @param type one letter of find(1): f, d, l, s, p, c, b
     * @param mode octal permission bits
     * @param owner numeric {@code uid:gid}
     * @param links hard links
     * @param target what a symbolic link says, else empty
     */
    record Entry(String type, String mode, String owner, long size, Times times, long links, String target) {}

    /** When content and inode were last changed, as decimal seconds; no guest can forge the second. */
    record Times(String modified, String changed) {}

    static TreeSnapshot of(Path root) {
        try {
            Process find = new ProcessBuilder("find", root.toString(), "-xdev", "-mindepth", "1", "-printf", FORMAT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            byte[] listing = find.getInputStream().readAllBytes();
            int code = find.waitFor();
            if (code != 0) {
                throw new IllegalStateException("find ended with " + code + " in " + root);
            }
            return new TreeSnapshot(root, parse(new String(listing, StandardCharsets.ISO_8859_1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while listing " + root, e);
        }
    }

    private static Map<String, Entry> parse(String listing) {
        String[] fields = listing.split("\0", -1);
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (int at = 0; at + FIELDS < fields.length; at += FIELDS) {
            entries.put(
                    fields[at],
                    new Entry(
                            fields[at + 1],
                            fields[at + 2],
                            fields[at + 3],
                            Long.parseLong(fields[at + 4]),
                            new Times(fields[at + 5], fields[at + 6]),
                            Long.parseLong(fields[at + 7]),
                            fields[at + 8]));
        }
        return entries;
    }
}
