package dev.coracle.layers.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.coracle.layers.Digest;
import dev.coracle.layers.TarBuilder;
import dev.coracle.layers.blob.BlobFolder;
import dev.coracle.layers.blob.Descriptor;
import dev.coracle.layers.manifest.Manifest.ImageManifest;
import dev.coracle.layers.manifest.ManifestDocument;
import dev.coracle.layers.manifest.ManifestWriter;
import dev.coracle.layers.manifest.MediaTypes;
import dev.coracle.layers.reference.LocalName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** An image of a few bytes: a layer for each word, with one file of that name and content. */
public record SmallImage(String configText, List<byte[]> layers, ManifestDocument manifest) {
    /** Makes one; the same words give the same layers. */
    public static SmallImage of(String... words) {
        List<byte[]> layers = new ArrayList<>();
        List<Descriptor> descriptors = new ArrayList<>();
        List<String> diffIds = new ArrayList<>();
        for (String word : words) {
            byte[] layer = new TarBuilder().file(word, word).bytes();
            layers.add(layer);
            descriptors.add(new Descriptor(MediaTypes.DOCKER_LAYER, Digest.sha256(layer), layer.length));
            diffIds.add("\"" + Digest.sha256(layer) + "\"");
        }
        String text = "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"Cmd\":[\"" + words[0]
                + "\"]},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[" + String.join(",", diffIds) + "]}}";
        byte[] config = text.getBytes(UTF_8);
        Descriptor configured = new Descriptor(MediaTypes.DOCKER_CONFIG, Digest.sha256(config), config.length);
        return new SmallImage(text, layers, ManifestWriter.docker(new ImageManifest(configured, descriptors)));
    }

    /** The bytes of its configuration. */
    public byte[] config() {
        return configText.getBytes(UTF_8);
    }

    /** Stores it. */
    public StoredImage publish(ImageStore images, String name) {
        return images.use(() -> {
            storeBlobs(images.blobs());
            return images.publish(LocalName.parse(name), manifest);
        });
    }

    private void storeBlobs(BlobFolder blobs) throws IOException {
        blobs.store(Digest.sha256(config()), new ByteArrayInputStream(config()));
        for (byte[] layer : layers) {
            blobs.store(Digest.sha256(layer), new ByteArrayInputStream(layer));
        }
    }
}
