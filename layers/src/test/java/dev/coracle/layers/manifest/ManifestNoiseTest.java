package dev.coracle.layers.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coracle.layers.Digest;
import dev.coracle.layers.blob.Descriptor;
import dev.coracle.layers.manifest.Manifest.ImageManifest;
import dev.coracle.layers.reference.Platform;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Documents that were damaged anywhere are read or refused, and nothing else happens. */
class ManifestNoiseTest {
    private static final String NOISE = "{}[]\":,0-9a\\ \u0000\u00ff";
    private static final Digest DIGEST = Digest.sha256(new byte[0]);
    private static final String ENTRY = "{\"mediaType\":\"%s\",\"digest\":\"" + DIGEST + "\",\"size\":3%s}";
    private static final String INDEX =
            "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\",\"manifests\":["
                    + ENTRY.formatted(
                            MediaTypes.OCI_MANIFEST,
                            ",\"platform\":{\"os\":\"linux\",\"architecture\":\"arm\",\"variant\":\"v7\"}")
                    + ","
                    + ENTRY.formatted(
                            MediaTypes.OCI_MANIFEST, ",\"platform\":{\"os\":\"unknown\",\"architecture\":\"unknown\"}")
                    + "," + ENTRY.formatted("application/vnd.example.signature", "") + "]}";
    private static final String IMAGE = "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.DOCKER_MANIFEST
            + "\",\"config\":" + ENTRY.formatted(MediaTypes.DOCKER_CONFIG, "") + ",\"layers\":["
            + ENTRY.formatted(MediaTypes.DOCKER_LAYER, "") + "]}";
    private static final String FIRST = "{\"schemaVersion\":1,\"fsLayers\":[{\"blobSum\":\"" + DIGEST
            + "\"}],\"history\":[{\"v1Compatibility\":\"{\\\"id\\\":\\\"1\\\"}\"}]}";

    static List<String> documents() {
        return List.of(INDEX, IMAGE, FIRST);
    }

    private static boolean reads(byte[] bytes) {
        try {
            assertThat(new ManifestDocument("", DIGEST, bytes).parse()).isNotNull();
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void damageAnywhereIsReadOrRefused(String good) {
        assertThat(reads(good.getBytes(UTF_8))).isTrue();
        Random random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = good.getBytes(UTF_8);
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) NOISE.charAt(random.nextInt(NOISE.length()));
            }
            refused += reads(bytes) ? 0 : 1;
        }
        assertThat(refused).isBetween(500, 5_000);
    }

    @Test
    void attestationsAndOtherThingsAreNoImages() {
        Manifest.Index index = (Manifest.Index) new ManifestDocument("", DIGEST, INDEX.getBytes(UTF_8)).parse();
        assertThat(index.entries()).hasSize(1);
        assertThat(index.best(Platform.parse("linux/arm/v8", ""))).isPresent();
        assertThat(index.best(Platform.parse("linux/amd64", ""))).isEmpty();
    }

    @Test
    void whatIsWrittenIsReadAsTheSame() {
        Descriptor config = new Descriptor(MediaTypes.DOCKER_CONFIG, DIGEST, 1);
        Descriptor layer = new Descriptor(MediaTypes.DOCKER_LAYER, DIGEST, 2);
        ImageManifest image = new ImageManifest(config, List.of(layer, layer));
        ManifestDocument written = ManifestWriter.docker(image);
        assertThat(written.parse()).isEqualTo(image);
        assertThat(written.digest()).isEqualTo(Digest.sha256(written.bytes()));
    }
}
