package dev.coracle.layers.store;

import dev.coracle.layers.blob.BlobFolder;
import dev.coracle.layers.linux.AdvisoryLock;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Removes blobs that removed images had. Only those: other repositories may have blobs in the same place. Whoever is killed here leaves the
 * directory that says what is to be done, and the next one does it.
 */
final class BlobSweep {
    private final RepositoryPlaces places;
    private final RepositoryLock locks;
    private final ImageStore images;
    private final Instant old;

    /** @param old what a pull noted before that and never came to use is given up */
    BlobSweep(RepositoryPlaces places, RepositoryLock locks, ImageStore images, Instant old) {
        this.places = places;
        this.locks = locks;
        this.images = images;
        this.old = old;
    }

    void sweep() {
        try {
            if (removed().isEmpty() && pulling(true).isEmpty()) {
                return;
            }
            Optional<AdvisoryLock> alone = locks.alone();
            if (alone.isPresent()) {
                sweep(alone.get());
            }
        } catch (IOException e) {
            throw RepositoryLock.failure(places.layers(), e);
        }
    }

    private void sweep(AdvisoryLock alone) throws IOException {
        try (alone;
                AdvisoryLock change = locks.change()) {
            assert change != null;
            Set<String> needed = images.needed();
            for (Path pulling : pulling(false)) {
                needed.addAll(links(pulling));
            }
            List<Path> over = new ArrayList<>(removed());
            over.addAll(pulling(true));
            for (Path directory : over) {
                for (String blob : links(directory)) {
                    if (!needed.contains(blob)) {
                        Files.deleteIfExists(places.layers().resolve(blob));
                        Files.deleteIfExists(places.layers().resolve(BlobFolder.PARTIAL + blob));
                    }
                }
                remove(directory);
            }
            removeEmpty(places.repos());
            for (Path unnamed : entries(places.layers(), BlobFolder.UNNAMED + "*")) {
                Files.delete(unnamed);
            }
        }
    }

    /** Directories that somebody made for an image and was killed before it was there. */
    private static void removeEmpty(Path directory) throws IOException {
        for (Path child : entries(directory, "*")) {
            if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                removeEmpty(child);
                if (entries(child, "*").isEmpty()) {
                    Files.delete(child);
                }
            }
        }
    }

    private List<String> links(Path directory) throws IOException {
        return new TagDirectory(directory, places.layers()).links();
    }

    /** What pulls noted, long ago or lately. */
    private List<Path> pulling(boolean longAgo) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path note : entries(places.repos(), ImageStore.PULLING + "*")) {
            if (isOf(note, longAgo)) {
                found.add(note);
            }
        }
        return found;
    }

    private boolean isOf(Path note, boolean longAgo) throws IOException {
        try {
            return Files.getLastModifiedTime(note).toInstant().isBefore(old) == longAgo;
        } catch (NoSuchFileException e) {
            // The pull has come to its end this very moment.
            return false;
        }
    }

    private List<Path> removed() throws IOException {
        return entries(places.repos(), ImageStore.REMOVED + "*");
    }

    static void remove(Path directory) throws IOException {
        for (Path entry : entries(directory, "*")) {
            Files.delete(entry);
        }
        Files.delete(directory);
    }

    private static List<Path> entries(Path directory, String pattern) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, pattern)) {
            entries.forEach(found::add);
        }
        return found;
    }
}
