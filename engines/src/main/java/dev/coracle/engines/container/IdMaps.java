package dev.coracle.engines.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a new user namespace's maps of ids may be (user_namespaces(7)).
 *
 * @param root whether the caller is root, who has the ids of others at their disposal
 */
public record IdMaps(boolean root, List<Row> users, List<Row> groups) {
    private static final Path SELF = Path.of("/proc/self");

    /**
     * One row of such a map.
     *
     * @param inside first id in the container
     * @param outside first id here
     * @param count how many
     */
    public record Row(long inside, long outside, long count) {}

    /** Copies the lists. */
    public IdMaps {
        users = List.copyOf(users);
        groups = List.copyOf(groups);
    }

    /** Root maps every id that there is to itself; anybody else may only map root to themselves. */
    public static IdMaps ofThisProcess() throws IOException {
        return own("Uid:") == 0
                ? new IdMaps(true, identities("uid_map"), identities("gid_map"))
                : ofUser(own("Uid:"), own("Gid:"));
    }

    /** Of an ordinary user: root inside is they themselves. */
    static IdMaps ofUser(long user, long group) {
        return new IdMaps(false, List.of(new Row(0, user, 1)), List.of(new Row(0, group, 1)));
    }

    private static List<Row> identities(String file) throws IOException {
        return Files.readAllLines(SELF.resolve(file)).stream()
                .map(IdMaps::identity)
                .toList();
    }

    private static Row identity(String row) {
        String[] numbers = row.strip().split("\\s+", -1);
        return new Row(Long.parseLong(numbers[0]), Long.parseLong(numbers[0]), Long.parseLong(numbers[2]));
    }

    /** The effective id, which is the second of the line. */
    private static long own(String line) throws IOException {
        return Files.readAllLines(SELF.resolve("status")).stream()
                .filter(text -> text.startsWith(line))
                .map(text -> Long.parseLong(text.split("\\s+", -1)[2]))
                .findFirst()
                .orElseThrow(() -> new IOException("/proc/self/status has no line " + line));
    }
}
