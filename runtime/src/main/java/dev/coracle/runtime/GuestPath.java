package dev.coracle.runtime;

import dev.coracle.runtime.JobException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Where a path of the guest is on the host, as a guest inside the tree would resolve it. */
final class GuestPath {
    private static final int MOST_LINKS = 40;

    private GuestPath() {}

    /**
     * The host path of {@code guest}, links followed, never outside {@code root}. The end of the path need not exist.
     *
     * @throws JobException when links go in circles
     */
    static Path resolve(Path root, String guest) throws IOException {
        Deque<String> todo = new ArrayDeque<>(names(guest));
        Path done = root;
        int links = 0;
        while (!todo.isEmpty()) {
            String name = todo.pop();
            Path next = done.resolve(name);
            if ("..".equals(name)) {
                done = done.equals(root) ? root : done.resolveSibling("");
            } else if (Files.isSymbolicLink(next)) {
                String target = Files.readSymbolicLink(next).toString();
                done = target.startsWith("/") ? root : done;
                names(target).reversed().forEach(todo::push);
                links++;
            } else {
                done = next;
            }
            if (links > MOST_LINKS) {
                throw new JobException(
                        Kind.UNFIT_REQUEST, "resolving " + guest + " in the tree", "its links go in circles", "");
            }
        }
        return done;
    }

    private static List<String> names(String path) {
        return Arrays.stream(path.split("/"))
                .filter(name -> !name.isEmpty() && !".".equals(name))
                .toList();
    }
}
