package dev.coracle.engines.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** Where a path of the guest lies on the host: links are followed as in the guest, so none leads out of the tree. */
final class GuestPlace {
    private static final int LINKS_MOST = 40;

    private GuestPlace() {}

    /** The place; as much of its end as there is not yet need not be there. */
    static Path of(Path root, String guest) throws IOException {
        Deque<Path> left = new ArrayDeque<>();
        push(left, Path.of(guest));
        Path at = root;
        int links = 0;
        while (!left.isEmpty()) {
            String name = left.pop().toString();
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            Path next = name.equals("..") ? above(at, root) : at.resolve(name);
            if (!name.equals("..") && Files.isSymbolicLink(next)) {
                links++;
                Path target = Files.readSymbolicLink(next);
                at = target.isAbsolute() ? root : at;
                push(left, target);
            } else {
                at = next;
            }
            if (links > LINKS_MOST) {
                throw new IOException("too many symbolic links on the way to " + guest + " in " + root);
            }
        }
        return at;
    }

    /** Whether something is there, a link that leads nowhere included. */
    static boolean exists(Path place) {
        return Files.exists(place, LinkOption.NOFOLLOW_LINKS);
    }

    private static Path above(Path at, Path root) {
        Path parent = at.getParent();
        return at.equals(root) || parent == null ? root : parent;
    }

    private static void push(Deque<Path> left, Path path) {
        for (int i = path.getNameCount() - 1; i >= 0; i--) {
            left.push(path.getName(i));
        }
    }
}
