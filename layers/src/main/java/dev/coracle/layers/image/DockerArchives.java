package dev.coracle.layers.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.coracle.layers.Architecture;
import dev.coracle.layers.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code docker save} wrote over the years, told apart by the documents that are there. */
final class DockerArchives {
    private static final Pattern DIGEST_NAME = Pattern.compile("(?:blobs/sha256/)?([0-9a-f]{64})(?:\\.json)?");

    private final ImageFiles files;
    private final Documents documents;

    DockerArchives(ImageFiles files) {
        this.files = files;
        this.documents = new Documents(files);
    }

    Image.Found find(Optional<String> reference, Architecture architecture) throws IOException {
        if (files.size("manifest.json").isPresent()) {
            return found(select(documents.read("manifest.json"), reference), architecture);
        } else if (files.size("repositories").isPresent()) {
            return new FirstDockerArchives(files).find(reference, architecture);
        }
        return new OciLayout(files).find(reference, architecture);
    }

    private JsonNode select(JsonNode images, Optional<String> reference) {
        List<JsonNode> matching = new ArrayList<>();
        TreeSet<String> present = new TreeSet<>();
        for (JsonNode image : images) {
            List<String> names = Documents.strings(image.path("RepoTags"));
            present.addAll(names);
            if (reference.isEmpty() || names.stream().anyMatch(name -> same(name, reference.get()))) {
                matching.add(image);
            }
        }
        if (matching.isEmpty()) {
            throw Images.missing(files, reference.map(each -> "called " + each).orElse("at all"), present);
        } else if (matching.size() > 1) {
            throw Images.ambiguous(files, present);
        }
        return matching.getFirst();
    }

    /** Docker leaves out what it supposes: its own registry and the tag {@code latest}. */
    static boolean same(String stored, String wanted) {
        return full(stored).equals(full(wanted));
    }

    private static String full(String name) {
        String shorter = name.replaceFirst("^docker\\.io/", "").replaceFirst("^library/", "");
        return shorter.indexOf(':', shorter.lastIndexOf('/') + 1) < 0 ? shorter + ":latest" : shorter;
    }

    private Image.Found found(JsonNode image, Architecture architecture) throws IOException {
        JsonNode config = config(image.path("Config").asText());
        checkPlatform(config, architecture);
        List<String> diffIds = Documents.strings(config.path("rootfs").path("diff_ids"));
        List<String> names = Documents.strings(image.path("Layers"));
        if (diffIds.size() != names.size()) {
            throw new IOException("manifest.json has " + names.size() + " layers, its configuration " + diffIds.size());
        }
        List<LayerBlob> layers = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Optional<Blob> blob = names.get(i).startsWith("blobs/") ? digestNamed(names.get(i)) : Optional.empty();
            layers.add(new LayerBlob(names.get(i), blob, Optional.of(Digest.parse(diffIds.get(i)))));
        }
        return new Image.Found(Documents.config(config.path("config")), layers);
    }

    private JsonNode config(String name) throws IOException {
        Blob blob = digestNamed(name)
                .orElseThrow(() -> new IOException("the configuration " + name + " is not named by its digest"));
        return documents.read(blob, name);
    }

    private static Optional<Blob> digestNamed(String name) {
        Matcher matcher = DIGEST_NAME.matcher(name);
        return matcher.matches()
                ? Optional.of(new Blob(new Digest("sha256", matcher.group(1)), Optional.empty()))
                : Optional.empty();
    }

    private void checkPlatform(JsonNode config, Architecture architecture) {
        String actual = config.path("architecture").asText(architecture.imageName());
        if (!actual.equals(architecture.imageName())) {
            throw Images.missing(files, "for linux/" + architecture.imageName(), List.of("linux/" + actual));
        }
    }
}
