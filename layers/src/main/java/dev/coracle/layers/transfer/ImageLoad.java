package dev.coracle.layers.transfer;

import dev.coracle.layers.Compression;
import dev.coracle.layers.FileProblem;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.reference.LocalName;
import dev.coracle.layers.reference.Platform;
import dev.coracle.layers.reference.Reference;
import dev.coracle.layers.store.ImageStore;
import dev.coracle.layers.store.StoredImage;
import dev.coracle.layers.tar.TarEntry;
import dev.coracle.layers.tar.TarReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Brings images from archives into the repository: OCI layouts and what {@code docker save} and its like wrote over the years. An
 * archive is read once, from anywhere; its layers are written once, to where they stay.
 */
public final class ImageLoad {
    private final ImageStore images;
    private final Platform platform;

    /** Loads into a repository what runs on a platform. */
    public ImageLoad(ImageStore images, Platform platform) {
        this.images = images;
        this.platform = platform;
    }

    /**
     * How images are called.
     *
     * @param repository instead of what the archive says; empty for that
     * @param otherwise the repository of images that the archive gives no name, or a tag only
     */
    public record Naming(Optional<String> repository, String otherwise) {
        LocalName name(Optional<String> said) {
            String name = said.orElse(Reference.DEFAULT_TAG);
            boolean whole = name.contains("/") || name.contains(":");
            String tag = whole ? LocalName.parse(name).tag() : name;
            if (repository.isPresent()) {
                return new LocalName(repository.get(), tag);
            }
            return whole ? LocalName.parse(name) : new LocalName(otherwise, tag);
        }
    }

    private interface Source {
        void into(Intake intake) throws IOException;
    }

    /**
     * Loads all images of an archive, compressed or not.
     *
     * @param shown what a person would call it, for messages
     * @throws LayerException when it is damaged or holds no image, or a name is taken; then nothing of it is here
     */
    public List<StoredImage> load(InputStream archive, String shown, Naming naming) {
        return load(intake -> read(archive, intake), "load " + shown, naming);
    }

    /** Loads all images of a directory with the same files. */
    public List<StoredImage> load(Path directory, Naming naming) {
        return load(intake -> read(directory, intake), "load " + directory, naming);
    }

    private List<StoredImage> load(Source source, String tried, Naming naming) {
        try {
            return images.use(() -> {
                Intake intake = new Intake(images.blobs(), images.attempt());
                take(source, intake, tried);
                return publish(found(intake, tried), naming, tried);
            });
        } catch (IllegalArgumentException e) {
            throw corrupt(tried, String.valueOf(e.getMessage()), e);
        }
    }

    private static void take(Source source, Intake intake, String tried) {
        try {
            source.into(intake);
        } catch (IOException e) {
            throw corrupt(tried, FileProblem.of(e), e);
        }
    }

    private List<LoadedImage> found(Intake intake, String tried) {
        try {
            List<LoadedImage> oci = new OciContents(intake, platform).images();
            boolean named = oci.stream().allMatch(image -> image.name().isPresent());
            List<LoadedImage> docker = oci.isEmpty() || !named ? new DockerContents(intake).images() : List.of();
            List<LoadedImage> all = docker.isEmpty() ? oci : docker;
            if (all.isEmpty()) {
                throw new LayerException(
                        Kind.NOT_FOUND,
                        tried,
                        "there is no image for " + platform + " in it",
                        "an image has an index.json, a manifest.json or a file repositories; import takes trees");
            }
            return all;
        } catch (IOException e) {
            throw corrupt(tried, FileProblem.of(e), e);
        }
    }

    /** All names are looked at before the first image gets one. */
    private List<StoredImage> publish(List<LoadedImage> loaded, Naming naming, String tried) {
        Map<LocalName, LoadedImage> named = new LinkedHashMap<>();
        for (LoadedImage each : loaded) {
            LocalName name = naming.name(each.name());
            if (named.putIfAbsent(name, each) != null) {
                throw new LayerException(
                        Kind.INVALID_REQUEST, tried, "it holds two images called " + name, "load them without a name");
            } else if (images.find(name).isPresent()) {
                throw new LayerException(
                        Kind.INVALID_REQUEST,
                        tried,
                        "there is an image " + name,
                        "remove it first, or give another name");
            }
        }
        List<StoredImage> stored = new ArrayList<>();
        named.forEach((name, image) -> stored.add(images.publish(name, image.manifest())));
        return stored;
    }

    private static void read(InputStream archive, Intake intake) throws IOException {
        InputStream plain = Compression.open(archive);
        TarReader tar = new TarReader(plain);
        boolean any = false;
        for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
            any = true;
            TarEntry entry = next.get();
            String name = text(entry.name());
            switch (entry.type()) {
                case SYMLINK -> intake.symlink(name, text(entry.target()));
                case HARD_LINK -> intake.hardLink(name, text(entry.target()));
                case FILE -> intake.file(name, entry.content().size(), tar.expanded(entry));
                case DIRECTORY, CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, OTHER -> {}
            }
        }
        if (!any) {
            throw new IOException("it is empty, or no archive");
        }
        Compression.finish(plain);
    }

    private static String text(String byteString) {
        return new String(byteString.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static void read(Path directory, Intake intake) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.sorted().toList();
        }
        for (Path file : files) {
            String name = directory.relativize(file).toString();
            if (Files.isSymbolicLink(file)) {
                intake.symlink(name, Files.readSymbolicLink(file).toString());
            } else if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                try (InputStream in = Files.newInputStream(file)) {
                    intake.file(name, Files.size(file), in);
                }
            }
        }
    }

    private static LayerException corrupt(String tried, String happened, Exception cause) {
        return new LayerException(Kind.CORRUPT, tried, happened, "get the file again", cause);
    }
}
