package dev.coracle.engines.container;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Makes the places that a tree lacks to mount something on, and takes them away again.
 *
 * <p>Runs may share them: whoever is the last to close removes what all of them have made, unless something has come into it.
 * What is made is noted beside the tree first, in {@code TREE.coracle-mounts}; so of a process that was killed the next run
 * in the tree tidies up. Only the inode change times of directories tell that there was something.
 */
public final class MountPoints implements AutoCloseable {
    private final Path notes;
    private final Optional<TreeLock> lock;

    private MountPoints(Path notes, Optional<TreeLock> lock) {
        this.notes = notes;
        this.lock = lock;
    }

    /** A place in the guest, and whether a directory or a file belongs there. */
    public record Wanted(String guest, boolean directory) {}

    /**
     * Makes what is missing.
     *
     * @throws IOException when that cannot be; what was made by then is gone again
     */
    public static MountPoints make(Path root, List<Wanted> places) throws IOException {
        Path notes = Path.of(root + ".coracle-mounts");
        // Who sees a place that another run has made also sees that run's notes, so they are looked for last.
        boolean complete = !anyMissing(root, places) && !Files.exists(notes);
        MountPoints made = new MountPoints(notes, complete ? Optional.empty() : Optional.of(TreeLock.shared(notes)));
        if (complete) {
            return made;
        }
        boolean done = false;
        try {
            for (Wanted place : places) {
                made.add(root, place);
            }
            done = true;
        } finally {
            if (!done) {
                made.close();
            }
        }
        return made;
    }

    private static boolean anyMissing(Path root, List<Wanted> places) throws IOException {
        for (Wanted place : places) {
            if (!GuestPlace.exists(GuestPlace.of(root, place.guest()))) {
                return true;
            }
        }
        return false;
    }

    private void add(Path root, Wanted wanted) throws IOException {
        Path place = GuestPlace.of(root, wanted.guest());
        Deque<Path> missing = new ArrayDeque<>();
        for (Path at = place; !GuestPlace.exists(at); at = at.resolveSibling("")) {
            missing.push(at);
        }
        for (Path at : missing) {
            make(at, wanted.directory() || !at.equals(place));
        }
        if (Files.isDirectory(place) != wanted.directory()) {
            throw new NotDirectoryException(place + " is " + (wanted.directory() ? "no directory" : "a directory")
                    + ", and what shall be mounted on it is " + (wanted.directory() ? "one" : "none"));
        }
    }

    private void make(Path place, boolean directory) throws IOException {
        if (place.toString().indexOf('\n') >= 0) {
            throw new IOException(
                    "a place to mount on that has to be made may not have a line's end in its name: " + place);
        }
        Path parent = place.resolveSibling("");
        String before = time(parent);
        note(before + " - " + place);
        try {
            if (directory) {
                Files.createDirectory(place);
            } else {
                Files.createFile(place);
            }
        } catch (FileAlreadyExistsException e) {
            // Another run was faster; its note is there too.
            return;
        }
        note(before + " " + time(parent) + " " + place);
    }

    private void note(String line) throws IOException {
        Files.write(notes, List.of(line), StandardCharsets.UTF_8, StandardOpenOption.APPEND, StandardOpenOption.WRITE);
    }

    /** Removes what was made here when nobody else runs in the tree; else the last one will. */
    @Override
    public void close() throws IOException {
        if (lock.isEmpty()) {
            return;
        }
        try (TreeLock held = lock.get()) {
            if (held.becomeAlone()) {
                List<String> lines = new ArrayList<>(Files.readAllLines(notes, StandardCharsets.UTF_8));
                for (String line : lines.reversed()) {
                    String[] note = line.split(" ", 3);
                    // The last may be half of one, of a process that was killed.
                    if (note.length == 3) {
                        unmake(note);
                    }
                }
                Files.delete(notes);
            }
        }
    }

    /**
     * Gives the directory above its time back, unless somebody has changed something else in it meanwhile. The note that was
     * made before the place has no time after it; it counts only when its maker was killed in between.
     */
    private static void unmake(String[] note) throws IOException {
        Path place = Path.of(note[2]);
        Path parent = place.resolveSibling("");
        if (!isOurs(place)) {
            return;
        }
        boolean untouched = note[1].equals("-") || time(parent).equals(note[1]);
        Files.delete(place);
        if (untouched) {
            Files.setLastModifiedTime(parent, FileTime.from(Instant.parse(note[0])));
        }
    }

    /** Still what was made: an empty directory or an empty file. */
    private static boolean isOurs(Path place) throws IOException {
        try {
            if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
                try (var entries = Files.newDirectoryStream(place)) {
                    return !entries.iterator().hasNext();
                }
            }
            return Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS) && Files.size(place) == 0;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static String time(Path path) throws IOException {
        return Files.getLastModifiedTime(path).toInstant().toString();
    }
}
