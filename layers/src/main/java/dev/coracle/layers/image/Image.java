package dev.coracle.layers.image;

import dev.coracle.layers.FileProblem;
import dev.coracle.layers.HeldModes;
import dev.coracle.layers.ImageConfig;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.Progress;
import dev.coracle.layers.UnpackReport;
import dev.coracle.layers.Unpacker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** An image that was found and whose documents were checked; its layers are still to be read. */
public final class Image implements AutoCloseable {
    private final ImageFiles files;
    private final Found found;

    /** What a format's reader finds: how to run it and the layers, lowest first. */
    record Found(ImageConfig config, List<LayerBlob> layers) {}

    Image(ImageFiles files, Found found) {
        this.files = files;
        this.found = found;
    }

    /** How the image wants to be run. */
    public ImageConfig config() {
        return found.config();
    }

    /**
     * Checks every layer, then applies them in order into an empty directory.
     *
     * @throws LayerException when a digest is wrong, a layer is damaged or tries to leave the tree
     */
    public UnpackReport unpack(Path into, HeldModes held, Progress progress) {
        List<LayerBlob> layers = found.layers();
        for (int i = 0; i < layers.size(); i++) {
            check(layers.get(i), "check layer " + (i + 1) + " of " + layers.size(), progress);
        }
        return apply(into, held, progress);
    }

    /**
     * As above without reading everything first: what is wrong is noticed while it is applied, so the caller throws the directory
     * away when this fails.
     */
    public UnpackReport apply(Path into, HeldModes held, Progress progress) {
        List<LayerBlob> layers = found.layers();
        try (Unpacker unpacker = Unpacker.into(into, held)) {
            for (int i = 0; i < layers.size(); i++) {
                apply(layers.get(i), "apply layer " + (i + 1) + " of " + layers.size(), unpacker, progress);
            }
            return unpacker.finish();
        }
    }

    private void check(LayerBlob layer, String what, Progress progress) {
        if (layer.diffId().isEmpty()) {
            progress.note(files.shown() + ": this old format carries no digests, " + layer.name() + " is not checked");
            return;
        }
        try (Progress.Step step = progress.begin(what, layer.blob().isPresent() ? size(layer) : -1)) {
            layer.check(files, step);
        } catch (IOException e) {
            throw Images.failure(what + " of " + files.shown(), e);
        }
    }

    private long size(LayerBlob layer) throws IOException {
        return files.size(layer.name()).orElse(-1L);
    }

    private void apply(LayerBlob layer, String what, Unpacker unpacker, Progress progress) {
        try (Progress.Step step = progress.begin(what, -1)) {
            layer.apply(files, unpacker, step);
        } catch (IOException e) {
            throw Images.failure(what + " of " + files.shown(), e);
        }
    }

    @Override
    public void close() {
        try {
            files.close();
        } catch (IOException e) {
            throw new LayerException(Kind.IO, "close " + files.shown(), FileProblem.of(e), "", e);
        }
    }
}
