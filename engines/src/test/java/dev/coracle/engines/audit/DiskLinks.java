package dev.coracle.engines.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The symbolic links that are on the host when a recording is looked at. Each is read once: a recording names the same over and over. */
final class DiskLinks {
    private final Map<String, Optional<String>> known = new HashMap<>();

    /** The body of the link of that name, one character for each byte, as in a recording; empty when it is none. */
    Optional<String> body(String name) {
        return known.computeIfAbsent(name, DiskLinks::read);
    }

    private static Optional<String> read(String bytes) {
        String name = new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        if (name.indexOf('\uFFFD') >= 0 || name.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        Path path = Path.of(name);
        if (!Files.isSymbolicLink(path)) {
            return Optional.empty();
        }
        try {
            byte[] target = Files.readSymbolicLink(path).toString().getBytes(StandardCharsets.UTF_8);
            return Optional.of(new String(target, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
