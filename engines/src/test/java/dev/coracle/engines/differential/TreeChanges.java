package dev.coracle.engines.differential;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What a guest did to its tree, so that two runs of it can be compared.
 *
 * @param lines one per path, sorted, each with what it is now
 * @param paths the same paths alone, inside the tree, as {@link TreeSnapshot} spells them
 */
record TreeChanges(List<String> lines, List<String> paths) {
    /** Nothing was changed, or nobody looked. */
    static final TreeChanges NONE = new TreeChanges(List.of(), List.of());

    private static final long NOW_MARGIN_SECONDS = 3600;

    static TreeChanges between(TreeSnapshot before, TreeSnapshot after) {
        TreeMap<String, String> lines = new TreeMap<>();
        before.entries().keySet().stream()
                .filter(path -> !after.entries().containsKey(path))
                .forEach(path -> lines.put(path, path + " removed"));
        after.entries().forEach((path, entry) -> {
            if (!Objects.equals(before.entries().get(path), entry)) {
                lines.put(path, path + " " + describe(after.root(), path, entry));
            }
        });
        return new TreeChanges(lines.values().stream().sorted().toList(), List.copyOf(lines.keySet()));
    }

    private static String describe(Path root, String path, TreeSnapshot.Entry entry) {
        String common = "%s %s %s %s".formatted(entry.type(), entry.mode(), entry.owner(), time(entry));
        return switch (entry.type()) {
            case "f" -> common + " links=%d size=%d %s".formatted(entry.links(), entry.size(), hash(root, path));
            case "l" -> common + " -> " + entry.target();
            default -> common + " links=" + entry.links();
        };
    }

    /** Times a guest chose are compared exactly; the moment of the run cannot be. */
    private static String time(TreeSnapshot.Entry entry) {
        String modified = entry.times().modified();
        long seconds = Long.parseLong(modified.substring(0, modified.indexOf('.')));
        boolean now = Math.abs(Instant.now().getEpochSecond() - seconds) < NOW_MARGIN_SECONDS;
        return now ? "now" : modified;
    }

    private static String hash(Path root, String path) {
        byte[] name = path.getBytes(StandardCharsets.ISO_8859_1);
        String decoded = new String(name, StandardCharsets.UTF_8);
        if (decoded.indexOf('\uFFFD') >= 0) {
            return "(content not compared: the name is not UTF-8)";
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(root.resolve(decoded)));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
