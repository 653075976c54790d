package dev.coracle.layers.build;

import dev.coracle.layers.Architecture;
import dev.coracle.layers.ImageName;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.image.ImageSource;
import java.nio.file.Path;
import java.util.List;

/**
 * An image layer that somebody wants.
 *
 * @param source where the tree comes from
 * @param name the image's name inside the layer
 * @param architecture the processor it has to be for
 * @param out the directory for the zip, made when it is missing
 * @param programPath directories in which {@code host:} programs are looked for
 */
public record LayerRequest(
        ImageSource source, String name, Architecture architecture, Path out, List<Path> programPath) {
    /**
     * Checks the name.
     *
     * @throws LayerException of {@link Kind#INVALID_REQUEST} when a layer cannot hold it
     */
    public LayerRequest {
        programPath = List.copyOf(programPath);
        try {
            ImageName.check(name);
        } catch (IllegalArgumentException e) {
            throw new LayerException(
                    Kind.INVALID_REQUEST, "name the image " + name, e.getMessage() + "", "choose another --name", e);
        }
    }
}
