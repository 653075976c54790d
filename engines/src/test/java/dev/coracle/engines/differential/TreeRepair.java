package dev.coracle.engines.differential;

import dev.coracle.engines.guests.GuestTrees;
import dev.coracle.engines.guests.GuestTrees.Side;
import dev.coracle.engines.guests.HostTools;
import dev.coracle.engines.guests.LambdaSandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Brings back what a guest changed in its tree, which takes a hundredth of the time of a new tree. */
final class TreeRepair {
    /** More than this many changed paths are not worth it. */
    private static final int MOST = 500;

    private static final Map<Path, Map<String, TreeSnapshot.Entry>> BASES = new ConcurrentHashMap<>();

    // Directories last, and the deepest first: what is put back into one changes its times.
    private static final String SCRIPT = """
            base=$1 tree=$2 owner=$3; shift 3
            directory() { [ -d "$1" ] && [ ! -L "$1" ]; }
            for path; do
                directory "$base/$path" && directory "$tree/$path" && continue
                rm -rf --one-file-system "$tree/$path" || exit
                [ -e "$base/$path" ] || [ -L "$base/$path" ] || continue
                cp -a "$base/$path" "$tree/$path" || exit
                [ -z "$owner" ] || chown -hR "$owner" "$tree/$path" || exit
            done
            for path; do printf '%s\\0' "$path"; done | sort -rz | while IFS= read -r -d '' path; do
                while [ "$path" != . ]; do
                    if directory "$base/$path"; then
                        chown "${owner:-$(stat -c %u:%g "$base/$path")}" "$tree/$path" || exit
                        chmod --reference="$base/$path" "$tree/$path" && touch -r "$base/$path" "$tree/$path" || exit
                    fi
                    case $path in */*) path=${path%/*} ;; *) path=. ;; esac
                done
            done
            """;

    private TreeRepair() {}

    /** Says whether the tree is again, outside of the writable places, what it was copied from. */
    static boolean repair(GuestTrees trees, Side side, Path tree, TreeChanges changes) {
        List<String> paths = changes.paths().stream()
                .filter(path -> !GuestTrees.isWritable(path))
                .map(TreeRepair::decoded)
                .toList();
        if (paths.size() > MOST || paths.stream().anyMatch(path -> path.indexOf('\uFFFD') >= 0)) {
            return false;
        }
        String owner = side == Side.SANDBOXED ? LambdaSandbox.USER : "";
        List<String> command = new ArrayList<>(List.of("bash", "-c", SCRIPT, "bash"));
        command.addAll(List.of(trees.base().toString(), tree.toString(), owner));
        command.addAll(paths);
        if (HostTools.exitCode(command) != 0 || !isAsItWas(trees.base(), tree, owner)) {
            return false;
        }
        try {
            trees.dropIndex(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return true;
    }

    private static boolean isAsItWas(Path base, Path tree, String owner) {
        Map<String, TreeSnapshot.Entry> expected = BASES.computeIfAbsent(base, key -> comparable(TreeSnapshot.of(key)));
        Map<String, TreeSnapshot.Entry> actual = comparable(TreeSnapshot.of(tree));
        Map<String, TreeSnapshot.Entry> owned = new HashMap<>(expected);
        owned.replaceAll((path, entry) -> owner.isEmpty() ? entry : withOwner(entry, owner));
        return actual.equals(owned);
    }

    private static String decoded(String path) {
        return new String(path.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** Without what a copy cannot keep: when inodes changed, how large directories are, when a writable place was made anew. */
    private static Map<String, TreeSnapshot.Entry> comparable(TreeSnapshot snapshot) {
        Map<String, TreeSnapshot.Entry> entries = new HashMap<>();
        snapshot.entries().forEach((path, entry) -> {
            if (!GuestTrees.isWritable(path)) {
                entries.put(path, comparable(path, entry));
            }
        });
        return entries;
    }

    private static TreeSnapshot.Entry comparable(String path, TreeSnapshot.Entry entry) {
        boolean holdsWritable = GuestTrees.writablePlaces().stream().anyMatch(place -> place.startsWith(path + "/"));
        return new TreeSnapshot.Entry(
                entry.type(),
                entry.mode(),
                entry.owner(),
                entry.type().equals("d") ? 0 : entry.size(),
                new TreeSnapshot.Times(holdsWritable ? "" : entry.times().modified(), ""),
                entry.links(),
                entry.target());
    }

    private static TreeSnapshot.Entry withOwner(TreeSnapshot.Entry entry, String owner) {
        return new TreeSnapshot.Entry(
                entry.type(), entry.mode(), owner, entry.size(), entry.times(), entry.links(), entry.target());
    }
}
