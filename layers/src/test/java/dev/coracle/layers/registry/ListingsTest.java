package dev.coracle.layers.registry;

import static dev.coracle.layers.registry.ScriptedRegistry.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coracle.layers.reference.Reference;
import dev.coracle.layers.registry.credential.CredentialSource;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lists that come in pages, from servers that need not mean well. */
class ListingsTest {
    private static final String APP = "team/app";

    private final ScriptedRegistry registry = started();

    private static ScriptedRegistry started() {
        try {
            return new ScriptedRegistry();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void tagsAreListedPageByPageUntilTheEnd() {
        String list = "/v2/" + APP + "/tags/list";
        registry.on(list, answer(200, "{\"tags\":[\"a\",\"b\"]}", "Link", "<" + list + "?last=b&n=2>; rel=\"next\""))
                .on(list + "?last=b&n=2", answer(200, "{\"tags\":[\"c\"]}", "Link", "<?last=c>; rel=next"))
                .on(list + "?last=c", answer(200, "{\"tags\":[\"d\\u001b[2J\"]}"));
        try (RegistryClient client = registry.client(CredentialSource.NONE)) {
            assertThat(client.tags(Reference.parse(registry.name() + "/" + APP).repository()))
                    .containsExactly("a", "b", "c", "d?[2J");
        }
    }

    @Test
    void tagsWithoutEndAreLeft() {
        String list = "/v2/" + APP + "/tags/list";
        registry.on(list, answer(200, "{\"tags\":[\"a\"]}", "Link", "<" + list + "?n=1000>; rel=\"next\""));
        try (RegistryClient client = registry.client(CredentialSource.NONE)) {
            assertThatThrownBy(() -> client.tags(
                            Reference.parse(registry.name() + "/" + APP).repository()))
                    .hasMessageContaining("no end");
        }
    }

    @Test
    void searchSpeaksBothInterfaces() {
        registry.on("/v1/search", answer(200, """
                {"page":1,"num_pages":2,"results":[{"name":"old","description":"x\\ny","star_count":3,"is_official":true}]}"""));
        try (RegistryClient client = registry.client(CredentialSource.NONE)) {
            assertThat(client.search(registry.name()).page("o", 1, 25))
                    .isEqualTo(new Search.Page(List.of(new Search.Hit("old", "x y", 3, true)), true));
            registry.on("/v2/search/repositories/", answer(200, """
                    {"next":null,"results":[{"repo_name":"a/new","short_description":"d","star_count":1,"is_official":false}]}"""));
            assertThat(client.search(registry.name()).page("n", 1, 25))
                    .isEqualTo(new Search.Page(List.of(new Search.Hit("a/new", "d", 1, false)), false));
        }
    }
}
