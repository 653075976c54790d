package dev.coracle.layers.transfer;

import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.manifest.ManifestDocument;
import dev.coracle.layers.reference.LocalName;
import dev.coracle.layers.reference.Platform;
import dev.coracle.layers.reference.Reference;
import dev.coracle.layers.registry.ImagePull;
import dev.coracle.layers.registry.RegistryClient;
import dev.coracle.layers.registry.TransferProgress;
import dev.coracle.layers.store.Attempt;
import dev.coracle.layers.store.ImageStore;
import dev.coracle.layers.store.StoredImage;

/** Brings images from registries into the repository. */
public final class RemoteImages {
    private static final int AT_ONCE = 4;

    private final RegistryClient client;
    private final ImageStore images;

    /** Pulls with a client into a repository. */
    public RemoteImages(RegistryClient client, ImageStore images) {
        this.client = client;
        this.images = images;
    }

    /**
     * Pulls what is missing of an image and gives it the name that was asked for; an older image of that name is there until then, and
     * stays when this fails.
     *
     * @throws LayerException when it cannot be had
     */
    public StoredImage pull(LocalName name, Platform platform, TransferProgress progress) {
        Reference reference = name.reference()
                .orElseThrow(() -> new LayerException(
                        Kind.INVALID_REQUEST,
                        "pull " + name,
                        "no registry can have an image of that name",
                        "names are lower-case letters and digits, with . _ or - inside and / between their parts"));
        return images.use(() -> {
            ImagePull pull = new ImagePull(client, images.blobs(), AT_ONCE);
            ManifestDocument manifest = pull.resolve(reference, platform);
            // What is wrong with it is to be told as the registry's fault.
            ImagePull.parse(manifest, reference);
            Attempt attempt = images.pulling(manifest);
            pull.download(reference, manifest, progress);
            StoredImage image = images.publish(name, manifest);
            attempt.done();
            return image;
        });
    }
}
