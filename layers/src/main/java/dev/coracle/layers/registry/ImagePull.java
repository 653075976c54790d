package dev.coracle.layers.registry;

import dev.coracle.layers.Digest;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.blob.BlobFolder;
import dev.coracle.layers.blob.Descriptor;
import dev.coracle.layers.manifest.Manifest;
import dev.coracle.layers.manifest.Manifest.Entry;
import dev.coracle.layers.manifest.Manifest.ImageManifest;
import dev.coracle.layers.manifest.Manifest.Index;
import dev.coracle.layers.manifest.Manifest.Schema1;
import dev.coracle.layers.manifest.ManifestDocument;
import dev.coracle.layers.reference.Platform;
import dev.coracle.layers.reference.Reference;
import dev.coracle.layers.reference.RepositoryName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** Brings one image into a folder of blobs: what is missing of it, several blobs at a time. */
public final class ImagePull {
    private static final int NESTING_MAX = 4;
    /** What the largest of known images has, and a bit. */
    private static final int DOWNLOADS_MAX = 64;

    private final RegistryClient client;
    private final BlobFolder folder;
    private final int atOnce;

    /**
     * Prepares.
     *
     * @param atOnce how many blobs are fetched at the same time
     */
    public ImagePull(RegistryClient client, BlobFolder folder, int atOnce) {
        this.client = client;
        this.folder = folder;
        this.atOnce = Math.clamp(atOnce, 1, DOWNLOADS_MAX);
    }

    /**
     * Finds the manifest for a platform.
     *
     * @throws LayerException of {@link Kind#NOT_FOUND} with the platforms that there are, when it is not among them
     */
    public ManifestDocument resolve(Reference reference, Platform platform) {
        ManifestDocument document = client.manifest(reference);
        for (int depth = 0; depth < NESTING_MAX; depth++) {
            if (!(parse(document, reference) instanceof Index index)) {
                return document;
            }
            Entry entry = index.best(platform).orElseThrow(() -> noneFor(reference, platform, index));
            document = client.manifest(reference.repository(), entry.descriptor());
        }
        throw new LayerException(Kind.CORRUPT, "pull " + reference, "its indexes are nested too deep", "push it again");
    }

    /**
     * Brings all blobs of an image; they stay in the folder also when another one fails.
     *
     * @return the manifest, all of whose blobs are in the folder
     * @throws LayerException when one cannot be had or is not what was promised
     */
    public ManifestDocument pull(Reference reference, Platform platform, TransferProgress progress) {
        ManifestDocument document = resolve(reference, platform);
        download(reference, document, progress);
        return document;
    }

    /** Brings all blobs of an image whose manifest is known, as above. */
    public void download(Reference reference, ManifestDocument document, TransferProgress progress) {
        download(reference.repository(), blobs(parse(document, reference), reference), progress);
    }

    /** What a document means; what is wrong with it is the registry's fault. */
    public static Manifest parse(ManifestDocument document, Reference reference) {
        try {
            return document.parse();
        } catch (IllegalArgumentException e) {
            String happened = String.valueOf(e.getMessage());
            boolean other = happened.contains("artifact") || happened.contains("kind");
            throw new LayerException(
                    other ? Kind.UNSUPPORTED : Kind.CORRUPT,
                    "read the manifest of " + reference,
                    happened,
                    other ? "name an image" : "push the image again",
                    e);
        }
    }

    private List<Descriptor> blobs(Manifest manifest, Reference reference) {
        return switch (manifest) {
            case ImageManifest image -> {
                List<Descriptor> blobs = new ArrayList<>(List.of(image.config()));
                blobs.addAll(image.layers());
                yield blobs;
            }
            case Schema1 first -> client.sizes(reference.repository(), first.layers());
            case Index index -> throw new IllegalStateException("resolved to an index: " + reference);
        };
    }

    private void download(RepositoryName repository, List<Descriptor> blobs, TransferProgress progress) {
        Map<Digest, Descriptor> missing = new LinkedHashMap<>();
        for (Descriptor blob : blobs) {
            Descriptor other = missing.putIfAbsent(blob.digest(), blob);
            if (other != null && other.size() != blob.size()) {
                throw new LayerException(
                        Kind.CORRUPT, "pull " + repository, "it promises two sizes of one blob", "push it again");
            }
        }
        // The downloads block and are few: platform threads, so that a lock in the library pins nobody else.
        try (ExecutorService downloads = Executors.newFixedThreadPool(atOnce)) {
            List<Future<?>> running = new ArrayList<>();
            for (Descriptor blob : missing.values()) {
                running.add(downloads.submit(() -> client.blob(repository, blob, folder, progress)));
            }
            try {
                for (Future<?> each : running) {
                    each.get();
                }
            } catch (ExecutionException e) {
                throw failure(repository, e.getCause() == null ? e : e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw failure(repository, e);
            } finally {
                downloads.shutdownNow();
            }
        }
    }

    private static RuntimeException failure(RepositoryName repository, Throwable cause) {
        return switch (cause) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            default -> new LayerException(Kind.NETWORK, "pull " + repository, "interrupted", "try again", cause);
        };
    }

    private static LayerException noneFor(Reference reference, Platform platform, Index index) {
        String offered = index.entries().stream()
                .map(entry -> entry.platform().map(Platform::toString).orElse("unknown"))
                .distinct()
                .collect(Collectors.joining(", "));
        return new LayerException(
                Kind.NOT_FOUND,
                "find an image for " + platform + " in " + reference,
                "there is none",
                offered.isEmpty() ? "the index is empty" : "there are: " + offered);
    }
}
