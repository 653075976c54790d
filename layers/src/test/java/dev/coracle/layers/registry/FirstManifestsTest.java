package dev.coracle.layers.registry;

import static dev.coracle.layers.registry.ScriptedRegistry.answer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coracle.layers.Digest;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.blob.BlobFolder;
import dev.coracle.layers.manifest.Manifest.Schema1;
import dev.coracle.layers.manifest.ManifestDocument;
import dev.coracle.layers.manifest.MediaTypes;
import dev.coracle.layers.reference.Platform;
import dev.coracle.layers.reference.Reference;
import dev.coracle.layers.registry.credential.CredentialSource;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Docker's first manifests, which carry no sizes and are signed within. */
class FirstManifestsTest {
    private static final byte[] LOWER = "lower".getBytes(UTF_8);
    private static final byte[] UPPER = "upper".getBytes(UTF_8);
    private static final byte[] EMPTY = "empty".getBytes(UTF_8);

    @TempDir
    Path temp;

    private static String payload() {
        return """
                {
                   "schemaVersion": 1,
                   "fsLayers": [{"blobSum": "%s"}, {"blobSum": "%s"}, {"blobSum": "%s"}],
                   "history": [
                      {"v1Compatibility": "{\\"id\\":\\"3\\",\\"throwaway\\":true,\\"config\\":{\\"Cmd\\":[\\"x\\"]}}"},
                      {"v1Compatibility": "{\\"id\\":\\"2\\"}"}, {"v1Compatibility": "{\\"id\\":\\"1\\"}"}
                   ]
                }""".formatted(Digest.sha256(EMPTY), Digest.sha256(UPPER), Digest.sha256(LOWER));
    }

    /** Adds a signature as docker did: before the last brace, with the brace told in the signature's header. */
    private static String signed(String payload) {
        String begin = payload.substring(0, payload.length() - 2);
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String header = "{\"formatLength\":" + begin.length() + ",\"formatTail\":\""
                + encoder.encodeToString("\n}".getBytes(UTF_8)) + "\"}";
        return begin + ",\n   \"signatures\": [{\"protected\": \"" + encoder.encodeToString(header.getBytes(UTF_8))
                + "\"}]\n}";
    }

    private ManifestDocument pull(ScriptedRegistry registry) {
        try (RegistryClient client = registry.client(CredentialSource.NONE)) {
            return new ImagePull(client, new BlobFolder(temp), 2)
                    .pull(
                            Reference.parse(registry.name() + "/old:v1"),
                            Platform.parse("linux/amd64", ""),
                            TransferProgress.SILENT);
        }
    }

    @Test
    void theirLayersArePulledAndThoseWithoutFilesAreNot() throws Exception {
        try (ScriptedRegistry registry = new ScriptedRegistry()) {
            registry.blob("old", LOWER);
            registry.blob("old", UPPER);
            registry.on(
                    "/v2/old/manifests/v1",
                    answer(
                            200,
                            signed(payload()),
                            "Content-Type",
                            MediaTypes.SIGNED_SCHEMA1,
                            "Docker-Content-Digest",
                            Digest.sha256(payload().getBytes(UTF_8)).toString()));
            Schema1 manifest = (Schema1) pull(registry).parse();
            assertThat(manifest.layers()).containsExactly(Digest.sha256(LOWER), Digest.sha256(UPPER));
            assertThat(manifest.history().getLast()).contains("Cmd");
            assertThat(temp.resolve(Digest.sha256(LOWER).toString())).hasBinaryContent(LOWER);
            assertThat(temp.resolve(Digest.sha256(EMPTY).toString())).doesNotExist();
        }
    }

    @Test
    void whatWasNotSignedIsRefused() throws Exception {
        try (ScriptedRegistry registry = new ScriptedRegistry()) {
            String changed = signed(payload()).replace("\"id\\\":\\\"2", "\"id\\\":\\\"4");
            registry.on(
                    "/v2/old/manifests/v1",
                    answer(
                            200,
                            changed,
                            "Content-Type",
                            MediaTypes.SIGNED_SCHEMA1,
                            "Docker-Content-Digest",
                            Digest.sha256(payload().getBytes(UTF_8)).toString()));
            assertThatThrownBy(() -> pull(registry))
                    .isInstanceOfSatisfying(
                            LayerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DIGEST_MISMATCH));
        }
    }
}
