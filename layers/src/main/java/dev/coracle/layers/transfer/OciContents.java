package dev.coracle.layers.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coracle.layers.Digest;
import dev.coracle.layers.manifest.Manifest;
import dev.coracle.layers.manifest.Manifest.Entry;
import dev.coracle.layers.manifest.Manifest.ImageManifest;
import dev.coracle.layers.manifest.Manifest.Index;
import dev.coracle.layers.manifest.ManifestDocument;
import dev.coracle.layers.reference.Platform;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The images of an OCI layout that run on a platform; of an index, the best one that is in the layout at all. */
final class OciContents {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FULL_NAME = "io.containerd.image.name";
    private static final String TAG = "org.opencontainers.image.ref.name";
    private static final int NESTING_MAX = 8;

    private final Intake intake;
    private final Platform platform;

    OciContents(Intake intake, Platform platform) {
        this.intake = intake;
        this.platform = platform;
    }

    List<LoadedImage> images() throws IOException {
        Optional<byte[]> entrance = intake.document("index.json");
        if (entrance.isEmpty()) {
            return List.of();
        }
        List<LoadedImage> images = new ArrayList<>();
        for (JsonNode each : JSON.readTree(entrance.get()).path("manifests")) {
            Optional<ManifestDocument> manifest = image(
                    Digest.parse(each.path("digest").asText("")),
                    each.path("mediaType").asText(""),
                    0);
            if (manifest.isPresent()) {
                images.add(new LoadedImage(name(each.path("annotations")), manifest.get()));
            }
        }
        return images;
    }

    private static Optional<String> name(JsonNode annotations) {
        String full = annotations.path(FULL_NAME).asText("");
        String tag = annotations.path(TAG).asText("");
        return Optional.of(full.isEmpty() ? tag : full).filter(name -> !name.isEmpty());
    }

    private Optional<ManifestDocument> image(Digest digest, String type, int depth) throws IOException {
        Optional<byte[]> bytes = depth > NESTING_MAX ? Optional.empty() : intake.blob(digest);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        ManifestDocument document = new ManifestDocument(type, digest, bytes.get());
        Manifest manifest = document.parse();
        if (manifest instanceof Index index) {
            return best(index, depth);
        }
        return manifest instanceof ImageManifest image && isHere(image) ? Optional.of(document) : Optional.empty();
    }

    /** Docker writes indexes of which only some images are in the archive. */
    private Optional<ManifestDocument> best(Index index, int depth) throws IOException {
        List<Entry> left = new ArrayList<>(index.entries());
        while (!left.isEmpty()) {
            Optional<Entry> entry = new Index(left).best(platform);
            if (entry.isEmpty()) {
                return Optional.empty();
            }
            Optional<ManifestDocument> found = image(
                    entry.get().descriptor().digest(), entry.get().descriptor().mediaType(), depth + 1);
            if (found.isPresent()) {
                return found;
            }
            left.remove(entry.get());
        }
        return Optional.empty();
    }

    private boolean isHere(ImageManifest image) throws IOException {
        return intake.blob(image.config().digest()).isPresent();
    }
}
