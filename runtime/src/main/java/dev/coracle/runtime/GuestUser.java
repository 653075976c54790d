package dev.coracle.runtime;

import dev.coracle.layers.FileProblem;
import dev.coracle.runtime.JobException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Who the guest is, by the tree's own user table.
 *
 * @param ids {@code uid:gid}
 * @param home of that user by the table; empty when the table does not know the user
 */
record GuestUser(String ids, String home) {
    private static final int LARGEST_TABLE = 4 * 1024 * 1024;
    private static final int PASSWD_FIELDS = 7;
    private static final int GROUP_FIELDS = 3;

    /**
     * Understands what an image may say: nothing (root), {@code user}, {@code uid}, and each with {@code :group} or
     * {@code :gid}. A number need not be in the table; its group is then 0.
     *
     * @throws JobException when a name is not in the tree's table
     */
    static GuestUser of(Path root, String spec) {
        String[] parts = (spec.isEmpty() ? "0" : spec).split(":", 2);
        List<String[]> users = table(root, "/etc/passwd", PASSWD_FIELDS);
        Optional<String[]> user = users.stream()
                .filter(line -> isNumber(parts[0]) ? line[2].equals(parts[0]) : line[0].equals(parts[0]))
                .findFirst();
        if (user.isEmpty() && !isNumber(parts[0])) {
            throw unknown("user", parts[0], "/etc/passwd");
        }
        String uid = user.map(line -> line[2]).orElse(parts[0]);
        String gid = parts.length == 2 && !parts[1].isEmpty()
                ? group(root, parts[1])
                : user.map(line -> line[3]).orElse("0");
        return new GuestUser(uid + ":" + gid, user.map(line -> line[5]).orElse(""));
    }

    private static String group(Path root, String spec) {
        return isNumber(spec)
                ? spec
                : table(root, "/etc/group", GROUP_FIELDS).stream()
                        .filter(line -> line[0].equals(spec))
                        .map(line -> line[2])
                        .findFirst()
                        .orElseThrow(() -> unknown("group", spec, "/etc/group"));
    }

    /** The lines with at least so many fields; none when the tree has no such table. */
    private static List<String[]> table(Path root, String guestPath, int fields) {
        try {
            Path file = GuestPath.resolve(root, guestPath);
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_TABLE) {
                return List.of();
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1)
                    .lines()
                    .map(line -> line.split(":", -1))
                    .filter(line -> line.length >= fields)
                    .toList();
        } catch (IOException e) {
            throw new JobException(Kind.IO, "reading the tree's " + guestPath, FileProblem.of(e), "", e);
        }
    }

    private static boolean isNumber(String word) {
        return !word.isEmpty() && word.chars().allMatch(Character::isDigit);
    }

    private static JobException unknown(String what, String name, String table) {
        return new JobException(
                Kind.UNFIT_REQUEST,
                "finding the " + what + " \"" + name + "\"",
                "the tree's " + table + " does not have it",
                "give uid:gid in numbers");
    }
}
