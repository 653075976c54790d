package dev.coracle.layers.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.coracle.layers.Architecture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The first form of {@code docker save}: {@code repositories} names an image, and each image {@code ID/json} names its
 * parent. It carries no digests at all.
 */
final class FirstDockerArchives {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

    private final ImageFiles files;
    private final Documents documents;

    FirstDockerArchives(ImageFiles files) {
        this.files = files;
        this.documents = new Documents(files);
    }

    Image.Found find(Optional<String> reference, Architecture architecture) throws IOException {
        Map<String, String> ids = new TreeMap<>();
        for (Map.Entry<String, JsonNode> repository :
                documents.read("repositories").properties()) {
            for (Map.Entry<String, JsonNode> tag : repository.getValue().properties()) {
                ids.put(repository.getKey() + ":" + tag.getKey(), tag.getValue().asText());
            }
        }
        List<String> matching = ids.keySet().stream()
                .filter(name -> reference.isEmpty() || DockerArchives.same(name, reference.get()))
                .toList();
        if (matching.isEmpty()) {
            throw Images.missing(files, reference.map(each -> "called " + each).orElse("at all"), ids.keySet());
        } else if (matching.stream().map(ids::get).distinct().count() > 1) {
            throw Images.ambiguous(files, ids.keySet());
        }
        return found(String.valueOf(ids.get(matching.getFirst())), architecture);
    }

    private Image.Found found(String id, Architecture architecture) throws IOException {
        JsonNode top = image(id);
        String actual = top.path("architecture").asText(architecture.imageName());
        if (!actual.equals(architecture.imageName())) {
            throw Images.missing(files, "for linux/" + architecture.imageName(), List.of("linux/" + actual));
        }
        List<LayerBlob> layers = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String each = id;
                !each.isEmpty();
                each = image(each).path("parent").asText("")) {
            if (!seen.add(each)) {
                throw new IOException("the image " + each + " is its own ancestor");
            }
            layers.addFirst(new LayerBlob(each + "/layer.tar", Optional.empty(), Optional.empty()));
        }
        return new Image.Found(Documents.config(top.path("config")), layers);
    }

    private JsonNode image(String id) throws IOException {
        if (!ID.matcher(id).matches()) {
            throw new IOException("not an image's id: " + id);
        }
        return documents.read(id + "/json");
    }
}
