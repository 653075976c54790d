package dev.coracle.engines.differential;

import dev.coracle.engines.differential.GuestCase.CaseOptions;
import dev.coracle.engines.guests.GuestTrees;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The path-taking system calls of the engine's table by number, with every kind of path: {@code guests/rows}. One case for each
 * family of calls and each group of paths, so that the name of a failure says what broke.
 */
final class RowCases {
    static final List<String> FAMILIES = List.of(
            "stat",
            "access",
            "readlink",
            "statfs",
            "chdir",
            "exec",
            "open",
            "openat2",
            "openat2_odd",
            "make",
            "remove",
            "rename",
            "link",
            "mode",
            "owner",
            "times",
            "size",
            "xattr",
            "xattrat",
            "fileattr",
            "watch",
            "notify",
            "handle",
            "tree");

    /** Calls without a directory argument. */
    private static final List<String> WITHOUT_DIRECTORY = List.of("statfs", "chdir", "size", "xattr", "watch");

    private static final List<String> GROUPS = List.of(
            "plain", "host", "dots", "slashes", "links", "limits", "magic", "denied", "directories", "bad", "binds");

    private static final List<String> BINDS =
            List.of("data:/mnt/data", "read:/mnt/read:ro", "nested:/mnt/data/nested", "file:/mnt/file");

    private RowCases() {}

    static Stream<GuestCase> all() {
        return Stream.concat(
                FAMILIES.stream()
                        .flatMap(family -> GROUPS.stream()
                                .filter(group -> !group.equals("directories") || !WITHOUT_DIRECTORY.contains(family))
                                .map(group -> of("rows", family, group))),
                // The other C library makes the same calls from other instructions.
                FAMILIES.stream().map(family -> of("rows-musl", family, "plain")));
    }

    private static GuestCase of(String program, String family, String group) {
        String path = GuestTrees.PROGRAMS + "/" + program;
        CaseOptions options = new CaseOptions(
                List.of(path), List.of(), Map.of(), group.equals("binds") ? BINDS : List.of(), Set.of());
        return new GuestCase(family + ", " + group, program, List.of(path, family, group), "", "", options);
    }
}
