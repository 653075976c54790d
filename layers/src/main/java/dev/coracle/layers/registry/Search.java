package dev.coracle.layers.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.reference.RepositoryName;
import dev.coracle.layers.registry.http.Bodies;
import dev.coracle.layers.registry.http.Endpoint;
import dev.coracle.layers.registry.http.Refusal;
import dev.coracle.layers.registry.http.Transport;
import dev.coracle.layers.registry.http.Transport.Question;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.Response;

/** Looks for images, by the newer interface of Docker Hub's index or the older one that some registries kept. */
public final class Search {
    private static final int PAGE_BYTES_MAX = 8 << 20;
    private static final String HUB_INDEX = "hub.docker.com";
    private static final int NOT_FOUND = 404;

    private final Transport transport;
    private final String index;

    /**
     * One image that was found.
     *
     * @param stars how many people like it
     * @param official is it Docker's own?
     */
    public record Hit(String name, String description, long stars, boolean official) {}

    /**
     * A page of them.
     *
     * @param more is there another page?
     */
    public record Page(List<Hit> hits, boolean more) {
        /** Copies the list. */
        public Page {
            hits = List.copyOf(hits);
        }
    }

    Search(Transport transport, String registry) {
        this.transport = transport;
        this.index = registry.equals(RepositoryName.HUB) ? HUB_INDEX : registry;
    }

    /**
     * A page of what is found, counted from 1; empty when nothing is.
     *
     * @throws LayerException when the index does not answer, or cannot search
     */
    public Page page(String words, int number, int size) {
        String tried = "search for " + words + " at " + index;
        LayerException newer;
        try {
            HttpUrl.Builder url = endpoint().path("v2/search/repositories/").newBuilder();
            return ask(tried, query(url, "query", words, number).addQueryParameter("page_size", "" + size));
        } catch (LayerException e) {
            newer = e;
        }
        if (newer.kind() != Kind.NOT_FOUND && newer.kind() != Kind.DENIED) {
            throw newer;
        }
        HttpUrl.Builder url = endpoint().path("v1/search").newBuilder();
        return ask(tried, query(url, "q", words, number).addQueryParameter("n", "" + size));
    }

    private Endpoint endpoint() {
        return transport.endpoints(index).getLast();
    }

    private static HttpUrl.Builder query(HttpUrl.Builder url, String name, String words, int number) {
        return url.addQueryParameter(name, words).addQueryParameter("page", Integer.toString(number));
    }

    private Page ask(String tried, HttpUrl.Builder url) {
        Question question = new Question(url.build(), "registry:catalog:search", Map.of(), true);
        try (Response response = transport.ask(endpoint(), question)) {
            if (response.code() >= 300) {
                LayerException refusal = Refusal.of(tried, response);
                throw response.code() == NOT_FOUND
                        ? new LayerException(
                                Kind.NOT_FOUND,
                                tried,
                                refusal.happened(),
                                "this registry cannot search; list the tags of a name")
                        : refusal;
            }
            return page(Bodies.json(response, PAGE_BYTES_MAX));
        } catch (IOException e) {
            throw Refusal.of(tried, index, e);
        }
    }

    private static Page page(JsonNode answer) {
        List<Hit> hits = new ArrayList<>();
        for (JsonNode each : answer.path("results")) {
            hits.add(new Hit(
                    plain(each.path("repo_name").asText(each.path("name").asText(""))),
                    plain(each.path("short_description")
                            .asText(each.path("description").asText(""))),
                    each.path("star_count").asLong(),
                    each.path("is_official").asBoolean()));
        }
        boolean more = answer.path("next").isTextual()
                || answer.path("page").asInt() < answer.path("num_pages").asInt();
        return new Page(hits, more);
    }

    /** What comes from an index goes to a terminal. */
    private static String plain(String words) {
        return words.replaceAll("\\p{C}+", " ").strip();
    }
}
