package dev.coracle.layers.store;

import dev.coracle.layers.Digest;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.blob.BlobFolder;
import dev.coracle.layers.linux.AdvisoryLock;
import dev.coracle.layers.manifest.Manifest;
import dev.coracle.layers.manifest.Manifest.ImageManifest;
import dev.coracle.layers.manifest.Manifest.Index;
import dev.coracle.layers.manifest.Manifest.Schema1;
import dev.coracle.layers.manifest.ManifestDocument;
import dev.coracle.layers.reference.LocalName;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The images of a repository. Safe for any number of threads and processes. */
public final class ImageStore {
    /** Directories of images that are being removed. */
    static final String REMOVED = ".removed-";

    /** Directories in which pulls note which blobs they bring. */
    static final String PULLING = ".pulling-";

    /** So long the blobs of a pull that was broken off wait for the next attempt. */
    private static final Duration PULL_AGE = Duration.ofDays(7);

    private final RepositoryPlaces places;
    private final RepositoryLock locks;
    private final InstantSource clock;

    /** Uses a repository that exists. */
    public ImageStore(RepositoryPlaces places) {
        this(places, InstantSource.system());
    }

    /** With another clock, for tests. */
    public ImageStore(RepositoryPlaces places, InstantSource clock) {
        this.places = places;
        this.locks = new RepositoryLock(places);
        this.clock = clock;
    }

    /** Where blobs are brought before they are published; only within {@link #use}. */
    public BlobFolder blobs() {
        return new BlobFolder(places.layers());
    }

    /**
     * Does something with blobs, none of which disappears meanwhile; afterwards tidies up what others could not.
     *
     * @param <T> what comes of it
     */
    public <T> T use(Use<T> use) {
        // Closed in the other order: who tidies up must not hold the lock, and does so also after a failure.
        try (AfterUse tidied = this::sweep;
                AdvisoryLock held = locks.use()) {
            assert tidied != null && held != null;
            return use.run();
        } catch (IOException e) {
            throw RepositoryLock.failure(places.layers(), e);
        }
    }

    private interface AfterUse extends AutoCloseable {
        @Override
        void close();
    }

    /** Something done with blobs. */
    public interface Use<T> {
        /** Does it. */
        T run() throws IOException;
    }

    /** All images, by name. Directories that cannot be read are passed over, as they are by udocker. */
    public List<StoredImage> list() {
        List<StoredImage> found = new ArrayList<>();
        walk(directory -> image(directory).ifPresent(found::add));
        found.sort(Comparator.comparing(image -> image.name().toString()));
        return found;
    }

    private Optional<StoredImage> image(Path directory) {
        return LocalName.ofPlace(places.repos().relativize(directory).toString())
                .map(name -> new StoredImage(name, directory, Files.exists(directory.resolve(TagDirectory.PROTECT))));
    }

    private interface Visit {
        void tag(Path directory) throws IOException;
    }

    /** Visits the directories that are tags; what is being removed is none. */
    private void walk(Visit visit) {
        try {
            Files.walkFileTree(places.repos(), new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                        throws IOException {
                    if (String.valueOf(directory.getFileName()).startsWith(REMOVED)) {
                        return FileVisitResult.SKIP_SUBTREE;
                    } else if (Files.isRegularFile(directory.resolve(TagDirectory.TAG))) {
                        visit.tag(directory);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw RepositoryLock.failure(places.repos(), e);
        }
    }

    /** The image of that name, or of another name for the same one. */
    public Optional<StoredImage> find(LocalName name) {
        return name.alternatives().stream()
                .map(each -> places.repos().resolve(each.place()))
                .filter(directory -> Files.isRegularFile(directory.resolve(TagDirectory.TAG)))
                .findFirst()
                .flatMap(this::image);
    }

    /**
     * The image of that name.
     *
     * @throws LayerException of {@link Kind#NOT_FOUND} when it is not here
     */
    public StoredImage required(LocalName name) {
        return find(name)
                .orElseThrow(() -> new LayerException(
                        Kind.NOT_FOUND, "find the image " + name, "it is not here", "pull it first"));
    }

    /** What an image consists of. */
    public ImageContent content(StoredImage image) {
        return new TagDirectory(image.directory(), places.layers()).read();
    }

    /**
     * Gives an image its name; an image that had the name before has it until the new one does. All blobs must be here, so this
     * happens within the {@link #use} that brought them.
     */
    public StoredImage publish(LocalName name, ManifestDocument manifest) {
        Path directory = places.repos().resolve(name.place());
        List<Digest> blobs = blobs(manifest.parse());
        blobs.forEach(this::checkHere);
        try (AdvisoryLock held = locks.change()) {
            assert held != null;
            put(directory, manifest.bytes(), blobs, places.repos() + "/" + name);
        } catch (IOException e) {
            throw RepositoryLock.failure(directory, e);
        }
        return new StoredImage(name, directory, Files.exists(directory.resolve(TagDirectory.PROTECT)));
    }

    /** A new image is made aside, where it counts as removed if we are killed; one that is there is changed step by step. */
    private void put(Path directory, byte[] manifest, List<Digest> blobs, String mark) throws IOException {
        // An image a:b and images a/b:TAG share a directory.
        if (Files.exists(directory)) {
            new TagDirectory(directory, places.layers()).write(directory, manifest, blobs, mark);
            discardOld(directory, blobs);
            return;
        }
        Path aside = Files.createDirectory(removed());
        new TagDirectory(aside, places.layers()).write(directory, manifest, blobs, mark);
        Files.createDirectories(directory.getParent());
        Files.move(aside, directory, StandardCopyOption.ATOMIC_MOVE);
    }

    private void checkHere(Digest blob) {
        if (!blobs().has(blob)) {
            throw new LayerException(
                    Kind.CORRUPT, "store an image", "its blob " + blob + " is not here", "get it again");
        }
    }

    private static List<Digest> blobs(Manifest manifest) {
        Set<Digest> blobs = new LinkedHashSet<>();
        switch (manifest) {
            case ImageManifest image -> {
                blobs.add(image.config().digest());
                image.layers().forEach(layer -> blobs.add(layer.digest()));
            }
            case Schema1 first -> blobs.addAll(first.layers());
            case Index index -> throw new IllegalArgumentException("an index is no image: " + index);
        }
        return List.copyOf(blobs);
    }

    /** Links that the new image does not need wait in a directory of their own for whoever sweeps. */
    private void discardOld(Path directory, List<Digest> blobs) throws IOException {
        Set<String> needed = new LinkedHashSet<>(List.of(TagDirectory.CONTAINER_JSON));
        blobs.forEach(blob -> needed.add(blob.toString()));
        List<Path> old = new ArrayList<>();
        try (var links = Files.newDirectoryStream(directory, Files::isSymbolicLink)) {
            links.forEach(old::add);
        }
        old.removeIf(link -> needed.contains(String.valueOf(link.getFileName())));
        if (!old.isEmpty()) {
            Path aside = Files.createDirectory(removed());
            for (Path link : old) {
                Files.move(link, aside.resolve(link.getFileName()), StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    /**
     * Where it is noted which blobs are only here in case an image of them comes about. When nobody uses blobs any more, those go that
     * no image has; also when whoever noted them was killed.
     */
    public Attempt attempt() {
        try {
            return new Attempt(Files.createDirectory(removed()), places.layers());
        } catch (IOException e) {
            throw RepositoryLock.failure(places.repos(), e);
        }
    }

    /**
     * Notes the blobs that a pull is going to bring. They stay when it is broken off, for the next attempt, but not for ever: after a week
     * those go that no image has.
     */
    public Attempt pulling(ManifestDocument manifest) {
        try {
            Path note = Files.createDirectory(places.repos().resolve(PULLING + UUID.randomUUID()));
            Attempt attempt = new Attempt(note, places.layers());
            for (Digest blob : blobs(manifest.parse())) {
                attempt.note(blob);
            }
            return attempt;
        } catch (IOException e) {
            throw RepositoryLock.failure(places.repos(), e);
        }
    }

    private Path removed() {
        return places.repos().resolve(REMOVED + UUID.randomUUID());
    }

    /**
     * Gives an image another name.
     *
     * @throws LayerException when that name is taken
     */
    public StoredImage tag(StoredImage image, LocalName name) {
        String tried = "tag " + image.name() + " as " + name;
        return use(() -> {
            if (Files.exists(places.repos().resolve(name.place()).resolve(TagDirectory.TAG))) {
                throw new LayerException(Kind.INVALID_REQUEST, tried, "that name is taken", "remove it first");
            }
            Path manifest = image.directory().resolve(TagDirectory.MANIFEST);
            if (!Files.exists(manifest)) {
                throw new LayerException(
                        Kind.UNSUPPORTED, tried, "it is stored in udocker's old flavour", "save it and load it");
            }
            byte[] bytes = Files.readAllBytes(manifest);
            return publish(name, new ManifestDocument("", Digest.sha256(bytes), bytes));
        });
    }

    /** Protects an image from removal, or no longer. */
    public void protect(StoredImage image, boolean kept) {
        Path mark = image.directory().resolve(TagDirectory.PROTECT);
        try {
            if (kept) {
                WholeFiles.write(mark, "");
            } else {
                Files.deleteIfExists(mark);
            }
        } catch (IOException e) {
            throw RepositoryLock.failure(mark, e);
        }
    }

    /**
     * Removes an image; its name is free at once, and blobs that no other image has go as soon as nobody uses blobs.
     *
     * @throws LayerException when it is protected
     */
    public void remove(StoredImage image) {
        Path directory = image.directory();
        String tried = "remove the image " + image.name();
        try (AdvisoryLock held = locks.change()) {
            assert held != null;
            if (Files.exists(directory.resolve(TagDirectory.PROTECT))) {
                throw new LayerException(Kind.BUSY, tried, "it is protected", "unprotect it first");
            }
            discard(directory);
            removeEmptyAbove(directory);
        } catch (NoSuchFileException e) {
            throw new LayerException(Kind.NOT_FOUND, tried, "it is not here", "somebody else removed it", e);
        } catch (IOException e) {
            throw RepositoryLock.failure(directory, e);
        }
        sweep();
    }

    /** All at once, or, when other images lie below, the mark first. */
    private void discard(Path directory) throws IOException {
        Path aside = removed();
        List<Path> entries = new ArrayList<>();
        try (var all = Files.newDirectoryStream(directory)) {
            all.forEach(entries::add);
        }
        if (entries.stream().noneMatch(each -> Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS))) {
            Files.move(directory, aside, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        Files.createDirectory(aside);
        Files.move(
                directory.resolve(TagDirectory.TAG), aside.resolve(TagDirectory.TAG), StandardCopyOption.ATOMIC_MOVE);
        entries.removeIf(each -> Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS) || each.endsWith(TagDirectory.TAG));
        for (Path each : entries) {
            Files.move(each, aside.resolve(each.getFileName()), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private void removeEmptyAbove(Path directory) throws IOException {
        for (Path each = directory.getParent(); each != null && !each.equals(places.repos()); each = each.getParent()) {
            try (var entries = Files.newDirectoryStream(each)) {
                if (entries.iterator().hasNext()) {
                    return;
                }
            }
            Files.delete(each);
        }
    }

    /** Removes blobs of removed images that no other image has, unless somebody uses blobs: then it is done after that. */
    private void sweep() {
        if (Files.isWritable(places.layers()) && Files.isWritable(places.repos())) {
            new BlobSweep(places, locks, this, clock.instant().minus(PULL_AGE)).sweep();
        }
    }

    /** The names of all blobs that images have. */
    Set<String> needed() {
        Set<String> needed = new LinkedHashSet<>();
        walk(directory -> needed.addAll(new TagDirectory(directory, places.layers()).links()));
        return needed;
    }
}
