package dev.coracle.layers.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.Progress;
import dev.coracle.layers.Shell;
import dev.coracle.layers.blob.BlobFolder;
import dev.coracle.layers.blob.Descriptor;
import dev.coracle.layers.image.RealImage;
import dev.coracle.layers.manifest.Manifest;
import dev.coracle.layers.manifest.Manifest.ImageManifest;
import dev.coracle.layers.manifest.ManifestDocument;
import dev.coracle.layers.reference.LocalName;
import dev.coracle.layers.reference.Platform;
import dev.coracle.layers.reference.Reference;
import dev.coracle.layers.registry.credential.Credential;
import dev.coracle.layers.registry.credential.CredentialSource;
import dev.coracle.layers.registry.http.HttpSettings;
import dev.coracle.layers.registry.http.Trust;
import dev.coracle.layers.registry.http.Trust.ClientCertificate;
import dev.coracle.layers.store.Container;
import dev.coracle.layers.store.ContainerStore;
import dev.coracle.layers.store.ImageStore;
import dev.coracle.layers.store.RepositoryPlaces;
import dev.coracle.layers.store.StoredImage;
import dev.coracle.layers.transfer.RemoteImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pulls from docker-registry what skopeo pushed, and compares each blob with the one that skopeo pulls. */
class RealRegistryTest {
    private static final Platform HERE = Platform.parse("linux/amd64", "");

    @TempDir
    static Path shared;

    @TempDir
    Path temp;

    @BeforeAll
    static void makeImages() throws Exception {
        Shell.needs("docker-registry");
        RealImage.make(shared);
        Shell.run(shared, "skopeo copy -q --dest-compress --dest-compress-format zstd oci:img:v1 oci:zstd:v1");
        authority();
    }

    /** An authority of this test's own, and two certificates that it signed. */
    private static void authority() throws Exception {
        Shell.needs("openssl");
        Shell.run(shared, """
                openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout ca.key -out ca.pem -subj /CN=ca 2>/dev/null
                sign() {
                  openssl req -newkey rsa:2048 -nodes -keyout $1.key -out $1.csr -subj /CN=$1 2>/dev/null
                  openssl x509 -req -in $1.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out $1.pem -extfile <(echo "$2") 2>/dev/null
                }
                sign server 'subjectAltName=DNS:localhost,IP:127.0.0.1'
                sign client 'extendedKeyUsage=clientAuth'
                """);
    }

    private static CredentialSource login(String user, String password) {
        return registry -> new Credential.Password(user, password);
    }

    private ManifestDocument pull(HttpSettings settings, CredentialSource credentials, String reference) {
        try (RegistryClient client = new RegistryClient(settings, credentials)) {
            return new ImagePull(client, new BlobFolder(temp), 3)
                    .pull(Reference.parse(reference), HERE, TransferProgress.SILENT);
        }
    }

    /** Every file that skopeo has, byte for byte, and the manifest. */
    private void assertSameAsSkopeo(ManifestDocument ours, String reference, String options) throws Exception {
        Path theirs = Files.createTempDirectory(temp, "skopeo");
        Shell.run(theirs, "skopeo copy -q --src-tls-verify=false " + options + " docker://" + reference + " dir:.");
        assertThat(ours.bytes()).isEqualTo(Files.readAllBytes(theirs.resolve("manifest.json")));
        Manifest manifest = ours.parse();
        assertThat(manifest).isInstanceOfSatisfying(ImageManifest.class, image -> {
            assertThat(image.layers()).isNotEmpty();
            for (Descriptor blob : image.layers()) {
                assertSameBlob(theirs, blob);
            }
            assertSameBlob(theirs, image.config());
        });
    }

    private void assertSameBlob(Path theirs, Descriptor blob) {
        assertThat(temp.resolve(blob.digest().toString()))
                .hasSameBinaryContentAs(theirs.resolve(blob.digest().hex()))
                .hasSize(blob.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"oci:img:v1", "oci:zstd:v1", "--format=v2s2 oci:img:v1"})
    void whatSkopeoPushedIsPulledBlobByBlob(String from) throws Exception {
        try (RealRegistry registry = RealRegistry.start(temp)) {
            registry.push(shared, from, "team/app:v1");
            String app = registry.name() + "/team/app:v1";
            ManifestDocument document = pull(HttpSettings.DEFAULT, CredentialSource.NONE, app);
            assertSameAsSkopeo(document, app, "");
            String exact = registry.name() + "/team/app@" + document.digest();
            assertThat(pull(HttpSettings.DEFAULT, CredentialSource.NONE, exact).digest())
                    .isEqualTo(document.digest());
        }
    }

    @Test
    void ofAnIndexThePlatformIsPulled() throws Exception {
        Shell.needs("jq");
        Shell.run(temp, "cp -r " + shared + "/img img");
        Shell.run(temp, RealImage.NEST + """
                jq -c --arg d sha256:$i --argjson s $(stat -c %s inner) '.manifests += [{mediaType:"application/vnd.oci.image.index.v1+json",digest:$d,size:$s,annotations:{"org.opencontainers.image.ref.name":"flat"}}]' img/index.json > new
                cp new img/index.json
                """);
        try (RealRegistry registry = RealRegistry.start(temp)) {
            registry.push(temp, "oci:img:flat", "a:multi", "--all");
            String app = registry.name() + "/a:multi";
            ManifestDocument document = pull(HttpSettings.DEFAULT, CredentialSource.NONE, app);
            assertThat(document.parse()).isInstanceOf(ImageManifest.class);
            try (RegistryClient client = new RegistryClient(HttpSettings.DEFAULT, CredentialSource.NONE)) {
                ImagePull pull = new ImagePull(client, new BlobFolder(temp), 1);
                assertThatThrownBy(() -> pull.resolve(Reference.parse(app), Platform.parse("linux/s390x", "")))
                        .hasMessageContaining("there is none")
                        .hasMessageContaining("there are: linux/arm64, linux/amd64");
                assertThat(client.tags(Reference.parse(app).repository())).containsExactly("multi");
            }
        }
    }

    @Test
    void aPasswordOpensWhatHtpasswdCloses() throws Exception {
        Shell.needs("htpasswd");
        Shell.run(temp, "htpasswd -Bbn me 'pass:word' > passwords");
        String auth = "auth: {htpasswd: {realm: 'our realm', path: '" + temp + "/passwords'}}";
        try (RealRegistry registry = RealRegistry.start(temp, auth)) {
            registry.push(shared, "oci:img:v1", "team/app:v1", "--dest-creds me:pass:word");
            String app = registry.name() + "/team/app:v1";
            ManifestDocument document = pull(HttpSettings.DEFAULT, login("me", "pass:word"), app);
            assertSameAsSkopeo(document, app, "--src-creds me:pass:word");
            assertThatThrownBy(() -> pull(HttpSettings.DEFAULT, login("me", "wrong"), app))
                    .isInstanceOfSatisfying(
                            LayerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DENIED));
            assertThatThrownBy(() -> pull(HttpSettings.DEFAULT, CredentialSource.NONE, app))
                    .hasMessageContaining("log in first");
        }
    }

    @Test
    void aTokenOpensWhatATokenServiceCloses() throws Exception {
        try (TokenServer tokens = new TokenServer(shared.resolve("ca.pem"), shared.resolve("ca.key"));
                RealRegistry registry = RealRegistry.start(
                        temp,
                        "auth: {token: {realm: '" + tokens.realm()
                                + "', service: 'our registry', issuer: tok, rootcertbundle: '"
                                + shared.resolve("ca.pem") + "'}}")) {
            String secret = TokenServer.USER + ":" + TokenServer.PASSWORD;
            registry.push(shared, "oci:img:v1", "team/app:v1", "--dest-creds '" + secret + "'");
            tokens.asked().clear();
            String app = registry.name() + "/team/app:v1";
            ManifestDocument document = pull(HttpSettings.DEFAULT, login(TokenServer.USER, TokenServer.PASSWORD), app);
            assertThat(tokens.asked()).as("one token for all").containsExactly("repository:team/app:pull");
            assertSameAsSkopeo(document, app, "--src-creds '" + secret + "'");
            assertThatThrownBy(() -> pull(HttpSettings.DEFAULT, CredentialSource.NONE, app))
                    .hasMessageContaining("get a token from 127.0.0.1")
                    .hasMessageContaining("401");
        }
    }

    @Test
    void tlsIsBelievedWithTheRightAuthorityOnly() throws Exception {
        try (RealRegistry registry = RealRegistry.start(temp, tls(""))) {
            registry.push(shared, "oci:img:v1", "a:v1");
            String app = registry.name() + "/a:v1";
            Trust authority = new Trust(Optional.of(shared.resolve("ca.pem")), Optional.empty(), false);
            ManifestDocument document = pull(HttpSettings.DEFAULT.withTrust(authority), CredentialSource.NONE, app);
            assertSameAsSkopeo(document, app, "");
            assertThatThrownBy(() -> pull(HttpSettings.DEFAULT, CredentialSource.NONE, app))
                    .isInstanceOfSatisfying(
                            LayerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NETWORK))
                    .hasMessageContaining("certificat");
            Trust everybody = new Trust(Optional.empty(), Optional.empty(), true);
            pull(HttpSettings.DEFAULT.withTrust(everybody), CredentialSource.NONE, app);
        }
    }

    @Test
    void aClientCertificateIsShownWhereItIsWanted() throws Exception {
        try (RealRegistry registry = RealRegistry.start(temp, tls(", clientcas: ['" + shared + "/ca.pem']"))) {
            Shell.run(
                    temp,
                    "mkdir certs; cp " + shared + "/client.pem certs/c.cert; cp " + shared + "/client.key certs/c.key");
            registry.push(shared, "oci:img:v1", "a:v1", "--dest-cert-dir " + temp + "/certs");
            String app = registry.name() + "/a:v1";
            Optional<Path> authority = Optional.of(shared.resolve("ca.pem"));
            ClientCertificate client =
                    new ClientCertificate(shared.resolve("client.pem"), shared.resolve("client.key"));
            pull(
                    HttpSettings.DEFAULT.withTrust(new Trust(authority, Optional.of(client), false)),
                    CredentialSource.NONE,
                    app);
            Trust nobody = new Trust(authority, Optional.empty(), false);
            assertThatThrownBy(() -> pull(HttpSettings.DEFAULT.withTrust(nobody), CredentialSource.NONE, app))
                    .isInstanceOf(LayerException.class);
        }
    }

    private String tls(String more) {
        return "http: {addr: '127.0.0.1:0', tls: {certificate: '" + shared + "/server.pem', key: '" + shared
                + "/server.key'" + more + "}}";
    }

    @Test
    void anImageGoesFromTheRegistryIntoTheRepositoryAndBecomesATree() throws Exception {
        RepositoryPlaces places = RepositoryPlaces.under(temp.resolve("repo"));
        places.create();
        ImageStore images = new ImageStore(places);
        try (RealRegistry registry = RealRegistry.start(temp);
                RegistryClient client = new RegistryClient(HttpSettings.DEFAULT, CredentialSource.NONE)) {
            registry.push(shared, "oci:zstd:v1", "team/app:v1");
            LocalName name = LocalName.parse(registry.name() + "/team/app:v1");
            StoredImage image = new RemoteImages(client, images).pull(name, HERE, TransferProgress.SILENT);
            Container container = new ContainerStore(places, images).create(image, List.of("mine"), Progress.SILENT);
            assertThat(Shell.describe(container.root())).isEqualTo(RealImage.reference(shared));
            assertThat(images.list()).containsExactly(image);
        }
    }

    @Test
    void progressTellsOfEachBlobToItsLastByte() throws Exception {
        try (RealRegistry registry = RealRegistry.start(temp)) {
            registry.push(shared, "oci:img:v1", "a:v1");
            List<String> heard = new CopyOnWriteArrayList<>();
            TransferProgress progress = blob -> bytes -> {
                if (bytes == blob.size()) {
                    heard.add(blob.digest().toString());
                }
            };
            try (RegistryClient client = new RegistryClient(HttpSettings.DEFAULT, CredentialSource.NONE)) {
                Reference a = Reference.parse(registry.name() + "/a:v1");
                ImagePull pull = new ImagePull(client, new BlobFolder(temp), 2);
                ImageManifest image =
                        (ImageManifest) pull.pull(a, HERE, progress).parse();
                assertThat(heard)
                        .contains(image.config().digest().toString())
                        .containsAll(image.layers().stream()
                                .map(each -> each.digest().toString())
                                .toList());
            }
        }
    }
}
