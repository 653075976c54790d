package dev.coracle.layers.transfer;

import dev.coracle.layers.Digest;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.store.ImageContent;
import dev.coracle.layers.store.ImageContent.Layer;
import dev.coracle.layers.store.ImageStore;
import dev.coracle.layers.store.StoredImage;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** Reads all of a stored image and says everything that is wrong with it. */
public final class ImageCheck {
    private final ImageStore images;

    /** Checks images of a repository. */
    public ImageCheck(ImageStore images) {
        this.images = images;
    }

    /** A sentence for each thing that is wrong, with what to do about it; none for an image as it should be. */
    public List<String> problems(StoredImage image) {
        return images.use(() -> {
            List<String> problems = new ArrayList<>();
            try {
                ImageContent content = images.content(image);
                for (Layer layer : content.layers()) {
                    check(layer, problems);
                }
            } catch (LayerException e) {
                problems.add(e.tried() + ": " + e.happened() + ": "
                        + e.advice().orElse("remove the image and get it again"));
            }
            return problems;
        });
    }

    private static void check(Layer layer, List<String> problems) {
        String name = String.valueOf(layer.file().getFileName());
        if (!Files.isRegularFile(layer.file())) {
            problems.add("the layer " + name + " is missing: pull or load the image again");
            return;
        }
        try {
            if (layer.digest().isPresent()
                    && !ofFile(layer).equals(layer.digest().get())) {
                problems.add("the layer " + name + " was changed: remove the image, then pull or load it again");
                return;
            }
            LayerFacts.of(layer);
        } catch (IOException | LayerException e) {
            problems.add("the layer " + name + " is damaged (" + e.getMessage()
                    + "): remove the image, then pull or load it again");
        }
    }

    private static Digest ofFile(Layer layer) throws IOException {
        return layer.digest().orElseThrow().algorithm().equals("sha256")
                ? Digest.sha256(layer.file())
                : layer.digest().orElseThrow();
    }
}
