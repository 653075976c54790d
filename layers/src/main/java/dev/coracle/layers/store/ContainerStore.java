package dev.coracle.layers.store;

import dev.coracle.engines.TreeRemoval;
import dev.coracle.layers.HeldModes;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.Progress;
import dev.coracle.layers.image.Image;
import dev.coracle.layers.image.Images;
import dev.coracle.layers.image.Images.StoredLayer;
import dev.coracle.layers.linux.AdvisoryLock;
import dev.coracle.layers.linux.CurrentProcess;
import dev.coracle.layers.linux.ErrnoException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The containers of a repository. One that can be seen is whole: it is made, and removed, under a name with a dot in front. Safe for any
 * number of threads and processes.
 */
public final class ContainerStore {
    private static final String NEW = ".new-";
    private static final String OLD = ".old-";
    private static final String MAKING = ".making";
    private static final String PROTECT = "PROTECT";
    private static final String CONTAINER_JSON = "container.json";
    private static final String IMAGE_NAME = "imagerepo.name";
    private static final Pattern NAME = Pattern.compile("[^/. \\[\\]\\p{Cntrl}]{1,255}");

    private final RepositoryPlaces places;
    private final RepositoryLock locks;
    private final ImageStore images;

    /** Uses a repository that exists. */
    public ContainerStore(RepositoryPlaces places, ImageStore images) {
        this.places = places;
        this.locks = new RepositoryLock(places);
        this.images = images;
    }

    /** All containers, by id; the directory is read once however many there are. */
    public List<Container> list() {
        Map<String, Path> directories = new TreeMap<>();
        Map<String, List<String>> names = new HashMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(places.containers())) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (Files.isSymbolicLink(entry)) {
                    String id = String.valueOf(Files.readSymbolicLink(entry).getFileName());
                    names.computeIfAbsent(id, key -> new ArrayList<>()).add(name);
                } else if (!name.startsWith(".") && Files.isDirectory(entry)) {
                    directories.put(name, entry);
                }
            }
        } catch (IOException e) {
            throw RepositoryLock.failure(places.containers(), e);
        }
        List<Container> found = new ArrayList<>();
        directories.forEach((id, directory) -> found.add(read(directory, names.getOrDefault(id, List.of()))));
        return found;
    }

    private static Container read(Path directory, List<String> names) {
        String image = "";
        try {
            image = Files.readString(directory.resolve(IMAGE_NAME)).strip();
        } catch (IOException e) {
            // Made by hand, or by a program that keeps no such note.
            image = "";
        }
        return new Container(
                String.valueOf(directory.getFileName()),
                names.stream().sorted().toList(),
                image,
                Files.exists(directory.resolve(PROTECT)),
                directory);
    }

    /** The container with that id or name. */
    public Optional<Container> find(String word) {
        Path entry = places.containers().resolve(word);
        if (word.isEmpty() || word.startsWith(".") || word.contains("/") || !Files.isDirectory(entry)) {
            return Optional.empty();
        }
        try {
            Path directory = Files.isSymbolicLink(entry)
                    ? places.containers().resolve(Files.readSymbolicLink(entry).getFileName())
                    : entry;
            return Optional.of(read(directory, names(String.valueOf(directory.getFileName()))));
        } catch (IOException e) {
            throw RepositoryLock.failure(entry, e);
        }
    }

    private List<String> names(String id) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> links = Files.newDirectoryStream(places.containers(), Files::isSymbolicLink)) {
            for (Path link : links) {
                if (Files.readSymbolicLink(link).endsWith(id)) {
                    names.add(String.valueOf(link.getFileName()));
                }
            }
        }
        return names;
    }

    /**
     * Makes a container of an image.
     *
     * @param names what it shall be called, besides its id
     * @throws LayerException when a name is taken, or the image is damaged; then nothing of it can be seen
     */
    public Container create(StoredImage image, List<String> names, Progress progress) {
        names.forEach(this::checkFree);
        return make(
                image.name().toString(),
                names,
                directory -> images.use(() -> {
                    ImageContent content = images.content(image);
                    WholeFiles.write(directory.resolve(CONTAINER_JSON), content.config());
                    Path root = Files.createDirectory(Container.root(directory));
                    List<StoredLayer> layers = content.layers().stream()
                            .map(layer ->
                                    new StoredLayer(String.valueOf(layer.file().getFileName()), layer.diffId()))
                            .toList();
                    try (Image source = Images.of(places.layers(), Images.config(content.config()), layers)) {
                        source.apply(root, HeldModes.forUse(CurrentProcess.isRoot()), progress)
                                .skipped()
                                .forEach(progress::note);
                    }
                    return directory;
                }));
    }

    /** What fills the directory of a container that nobody sees yet. */
    public interface Filling {
        /** Puts {@code ROOT} and the rest into it. */
        Path fill(Path directory) throws IOException;
    }

    /**
     * Makes a container of something else than an image here.
     *
     * @param image what is noted as its image, unless the filling noted another
     * @throws LayerException when a name is taken; this and what the filling throws leave nothing to be seen
     */
    public Container make(String image, List<String> names, Filling filling) {
        names.forEach(this::checkFree);
        sweep();
        String id = UUID.randomUUID().toString();
        Path aside = places.containers().resolve(NEW + id);
        Path directory = places.containers().resolve(id);
        try (AdvisoryLock making = begin(aside)) {
            assert making != null;
            try {
                filling.fill(aside);
                if (!Files.exists(aside.resolve(IMAGE_NAME))) {
                    WholeFiles.write(aside.resolve(IMAGE_NAME), image);
                }
                Files.move(aside, directory, StandardCopyOption.ATOMIC_MOVE);
                Files.delete(directory.resolve(MAKING));
            } finally {
                TreeRemoval.remove(aside);
            }
        } catch (IOException e) {
            throw RepositoryLock.failure(aside, e);
        }
        Container made = read(directory, List.of());
        try {
            names.forEach(name -> name(made, name));
        } catch (LayerException e) {
            remove(made);
            throw e;
        }
        return read(directory, names);
    }

    /** A directory that sweepers let be as long as we live. */
    private AdvisoryLock begin(Path aside) throws IOException {
        try (AdvisoryLock held = locks.containers()) {
            assert held != null;
            Files.createDirectory(aside);
            return AdvisoryLock.exclusive(aside.resolve(MAKING), Duration.ZERO)
                    .orElseThrow(() -> new IOException(aside + " is locked by somebody else"));
        }
    }

    private void checkFree(String name) {
        if (!NAME.matcher(name).matches()) {
            throw refused(name, "a name holds no slash, dot, space or bracket", "choose another");
        } else if (Files.exists(places.containers().resolve(name), LinkOption.NOFOLLOW_LINKS)) {
            throw refused(name, "the name is taken", "choose another, or remove the container that has it");
        }
    }

    private static LayerException refused(String name, String happened, String advice) {
        return new LayerException(Kind.INVALID_REQUEST, "name a container " + name, happened, advice);
    }

    /**
     * Gives a container a further name.
     *
     * @throws LayerException when it is taken
     */
    public void name(Container container, String name) {
        checkFree(name);
        try {
            Files.createSymbolicLink(places.containers().resolve(name), Path.of(container.id()));
        } catch (FileAlreadyExistsException e) {
            throw refused(name, "the name is taken", "choose another");
        } catch (IOException e) {
            throw RepositoryLock.failure(places.containers(), e);
        }
    }

    /** Takes a name from a container; false when it is no name of one. */
    public boolean unname(String name) {
        Path link = places.containers().resolve(name);
        try {
            if (!NAME.matcher(name).matches() || !Files.isSymbolicLink(link)) {
                return false;
            }
            return Files.deleteIfExists(link);
        } catch (IOException e) {
            throw RepositoryLock.failure(link, e);
        }
    }

    /** Protects a container from removal, or no longer. */
    public void protect(Container container, boolean kept) {
        Path mark = container.directory().resolve(PROTECT);
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
     * Removes a container and its names; it cannot be seen from the first moment on.
     *
     * @throws LayerException when it is protected or not here
     */
    public void remove(Container container) {
        String tried = "remove the container " + container.id();
        if (Files.exists(container.directory().resolve(PROTECT))) {
            throw new LayerException(Kind.BUSY, tried, "it is protected", "unprotect it first");
        }
        try {
            Files.move(
                    container.directory(),
                    places.containers().resolve(OLD + container.id()),
                    StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            throw new LayerException(Kind.NOT_FOUND, tried, "it is not here", "somebody else removed it", e);
        } catch (IOException e) {
            throw RepositoryLock.failure(container.directory(), e);
        }
        sweep();
    }

    /** Ends what removals and those who were killed left behind. */
    private void sweep() {
        try (AdvisoryLock held = locks.containers()) {
            assert held != null;
            List<Path> entries = new ArrayList<>();
            try (DirectoryStream<Path> all = Files.newDirectoryStream(places.containers())) {
                all.forEach(entries::add);
            }
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (Files.isSymbolicLink(entry)
                        ? !Files.exists(entry)
                        : name.startsWith(OLD) || isAbandoned(entry, name)) {
                    TreeRemoval.remove(entry);
                }
            }
        } catch (IOException e) {
            throw RepositoryLock.failure(places.containers(), e);
        }
    }

    private static boolean isAbandoned(Path entry, String name) throws IOException {
        if (!name.startsWith(NEW)) {
            return false;
        }
        Path making = entry.resolve(MAKING);
        if (!Files.exists(making)) {
            // Whoever makes one holds the lock that we hold until this file is there.
            return true;
        }
        try {
            Optional<AdvisoryLock> free = AdvisoryLock.exclusive(making, Duration.ZERO);
            if (free.isPresent()) {
                free.get().close();
            }
            return free.isPresent();
        } catch (ErrnoException e) {
            if (e.errno() == ErrnoException.ENOENT) {
                // It is finished, this very moment.
                return false;
            }
            throw e;
        }
    }
}
