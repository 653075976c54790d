package dev.coracle.layers.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.registry.http.Bodies;
import dev.coracle.layers.registry.http.Endpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.Response;

/** The tags of a repository, page after page as the registry's links say. */
final class TagList {
    private static final int PAGE_BYTES_MAX = 16 << 20;
    private static final int PAGES_MAX = 10_000;
    private static final String PAGE_SIZE = "1000";
    private static final Pattern NEXT = Pattern.compile("<([^>]*)>[^,]*;\\s*rel=\"?next\"?");

    private final RemoteRepository repository;
    private final String tried;
    private final List<String> tags = new ArrayList<>();

    TagList(RemoteRepository repository) {
        this.repository = repository;
        this.tried = "list the tags of " + repository;
    }

    List<String> all() {
        Endpoint origin = repository.origin();
        Optional<HttpUrl> page = Optional.of(repository
                .url(origin, "tags/list")
                .newBuilder()
                .addQueryParameter("n", PAGE_SIZE)
                .build());
        Set<HttpUrl> seen = new HashSet<>();
        while (page.isPresent()) {
            if (!seen.add(page.get()) || seen.size() > PAGES_MAX) {
                throw new LayerException(Kind.CORRUPT, tried, "its pages have no end", "this registry is set up wrong");
            }
            page = repository.ask(tried, origin, page.get(), Map.of(), true, this::take);
        }
        return List.copyOf(tags);
    }

    private Optional<HttpUrl> take(Response response) throws IOException {
        for (JsonNode tag : Bodies.json(response, PAGE_BYTES_MAX).path("tags")) {
            // What comes from a registry goes to a terminal.
            tags.add(tag.asText("").replaceAll("\\p{C}", "?"));
        }
        HttpUrl here = response.request().url();
        Matcher link = NEXT.matcher(String.join(", ", response.headers("Link")));
        if (!link.find()) {
            return Optional.empty();
        }
        // A page elsewhere is not asked for: our token goes along.
        return Optional.ofNullable(here.resolve(link.group(1)))
                .filter(next -> next.host().equals(here.host()) && next.port() == here.port())
                .filter(next -> next.isHttps() == here.isHttps());
    }
}
