package dev.coracle.runtime;

import dev.coracle.layers.FileProblem;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.PackedImage;
import dev.coracle.runtime.JobException.Kind;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The images installed on this host: {@code NAME/image.json} and {@code NAME/tree.tar.zst} in one directory. */
public final class ImageCatalog {
    private final Path directory;

    /** The catalog of a directory such as {@code /opt/coracle/images}, which need not exist. */
    public ImageCatalog(Path directory) {
        this.directory = directory;
    }

    /** The names of all images, sorted. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return names;
        }
        try (DirectoryStream<Path> images = Files.newDirectoryStream(directory)) {
            for (Path image : images) {
                if (Files.isRegularFile(image.resolve("image.json"))) {
                    names.add(image.getFileName().toString());
                }
            }
        } catch (IOException e) {
            throw new JobException(Kind.IO, "listing the images in " + directory, FileProblem.of(e), "", e);
        }
        names.sort(null);
        return names;
    }

    /**
     * The image of that name.
     *
     * @throws JobException when there is none, naming those there are; when it is damaged
     */
    public InstalledImage named(String name) {
        if (!names().contains(name)) {
            throw new JobException(
                    Kind.UNKNOWN_IMAGE,
                    "finding the image \"" + printable(name) + "\"",
                    "it is not among the installed images: " + list(),
                    "name one of them, or add the image's layer");
        }
        Path place = directory.resolve(name);
        try {
            return new InstalledImage(PackedImage.read(place.resolve("image.json")), place.resolve("tree.tar.zst"));
        } catch (LayerException e) {
            throw new JobException(
                    Kind.BROKEN_IMAGE, e.tried(), e.happened(), e.advice().orElse(""), e);
        }
    }

    /**
     * The only image there is.
     *
     * @throws JobException when there is none or more than one
     */
    public InstalledImage only() {
        List<String> names = names();
        if (names.size() == 1) {
            return named(names.getFirst());
        }
        throw new JobException(
                Kind.UNKNOWN_IMAGE,
                "choosing an image",
                names.isEmpty()
                        ? "no image is installed in " + directory
                        : "the request names none and there are several: " + list(),
                names.isEmpty() ? "add an image layer to the function" : "name one of them");
    }

    private String list() {
        List<String> names = names();
        return names.isEmpty() ? "none" : String.join(", ", names);
    }

    private static String printable(String name) {
        return name.substring(0, Math.min(name.length(), 128)).replaceAll("\\p{Cntrl}", "?");
    }
}
