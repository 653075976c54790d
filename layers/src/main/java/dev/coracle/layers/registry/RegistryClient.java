package dev.coracle.layers.registry;

import dev.coracle.layers.Digest;
import dev.coracle.layers.DigestedStream;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.blob.BlobFolder;
import dev.coracle.layers.blob.Descriptor;
import dev.coracle.layers.manifest.ManifestDocument;
import dev.coracle.layers.manifest.MediaTypes;
import dev.coracle.layers.manifest.SignedManifest;
import dev.coracle.layers.reference.Reference;
import dev.coracle.layers.reference.RepositoryName;
import dev.coracle.layers.registry.credential.CredentialSource;
import dev.coracle.layers.registry.http.Bodies;
import dev.coracle.layers.registry.http.HttpSettings;
import dev.coracle.layers.registry.http.Transport;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.Response;

/**
 * A client of registries: OCI distribution 1.1 and docker's registry 2. Whatever it hands out has the digest and the size
 * that were promised. Safe for several threads.
 */
public final class RegistryClient implements AutoCloseable {
    /** A manifest is at most 4 MiB, says the specification. */
    private static final int MANIFEST_MAX = 4 << 20;

    private final Transport transport;

    /** A client for all registries that the settings and the credentials know how to reach. */
    public RegistryClient(HttpSettings settings, CredentialSource credentials) {
        this(new Transport(settings, credentials));
    }

    /** A client over a transport that it closes. */
    public RegistryClient(Transport transport) {
        this.transport = transport;
    }

    RemoteRepository repository(RepositoryName name) {
        return new RemoteRepository(transport, name);
    }

    /**
     * The manifest or index that a name stands for, as it is.
     *
     * @throws LayerException when it is not there, may not be read, or is not what its digest says
     */
    public ManifestDocument manifest(Reference reference) {
        return manifest(reference.repository(), reference.wanted(), reference.digest(), reference.toString());
    }

    /**
     * A manifest that an index names.
     *
     * @throws LayerException as above, also when its size is another
     */
    public ManifestDocument manifest(RepositoryName repository, Descriptor descriptor) {
        String shown = repository + "@" + descriptor.digest();
        ManifestDocument document =
                manifest(repository, descriptor.digest().toString(), Optional.of(descriptor.digest()), shown);
        long size = document.bytes().length;
        if (size != descriptor.size()) {
            throw DigestedStream.mismatch(
                    "the manifest " + shown, "size", Long.toString(descriptor.size()), Long.toString(size));
        }
        return document;
    }

    @SuppressWarnings("OptionalUsedAsFieldOrParameterType")
    private ManifestDocument manifest(
            RepositoryName repository, String wanted, Optional<Digest> expected, String shown) {
        String tried = "get the manifest " + shown;
        Map<String, String> headers = Map.of("Accept", String.join(", ", MediaTypes.MANIFESTS));
        return repository(repository)
                .ask(tried, "manifests/" + wanted, headers, true, response -> checked(response, expected, shown));
    }

    @SuppressWarnings("OptionalUsedAsFieldOrParameterType")
    private static ManifestDocument checked(Response response, Optional<Digest> expected, String shown)
            throws IOException {
        byte[] bytes = Bodies.bytes(response, MANIFEST_MAX);
        String type = String.valueOf(response.header("Content-Type", ""))
                .replaceFirst("\\s*;.*$", "")
                .strip();
        Optional<Digest> promised = expected.or(() -> promised(response));
        Digest actual = digest(bytes, type, promised, shown);
        if (promised.isPresent() && !promised.get().equals(actual)) {
            throw DigestedStream.mismatch(
                    "the manifest " + shown, "digest", promised.get().toString(), actual.toString());
        }
        return new ManifestDocument(type, actual, bytes);
    }

    @SuppressWarnings("OptionalUsedAsFieldOrParameterType")
    private static Digest digest(byte[] bytes, String type, Optional<Digest> promised, String shown) {
        String algorithm = promised.map(Digest::algorithm).orElse("sha256");
        try {
            boolean signed = type.equals(MediaTypes.SIGNED_SCHEMA1);
            return Digest.of(algorithm, signed ? SignedManifest.payload(bytes) : bytes);
        } catch (IllegalArgumentException e) {
            throw new LayerException(
                    Kind.CORRUPT,
                    "check the manifest " + shown,
                    String.valueOf(e.getMessage()),
                    "push the image again",
                    e);
        }
    }

    private static Optional<Digest> promised(Response response) {
        String header = String.valueOf(response.header("Docker-Content-Digest", ""));
        try {
            return header.isEmpty() ? Optional.empty() : Optional.of(Digest.parse(header));
        } catch (IllegalArgumentException e) {
            // An algorithm from the future promises nothing that could be checked here.
            return Optional.empty();
        }
    }

    /**
     * Brings a blob into a folder, unless it is there.
     *
     * @throws LayerException when it cannot be had, or is not what was promised
     */
    public void blob(RepositoryName repository, Descriptor blob, BlobFolder folder, TransferProgress progress) {
        if (!folder.has(blob)) {
            new BlobDownload(repository(repository), blob).into(folder, progress);
        }
    }

    /** Blobs of which only the digest is known, with the sizes that the registry has for them; no blob twice. */
    List<Descriptor> sizes(RepositoryName name, List<Digest> digests) {
        return digests.stream().distinct().map(digest -> size(name, digest)).toList();
    }

    private Descriptor size(RepositoryName name, Digest digest) {
        String tried = "get the blob " + digest + " of " + name;
        long size = repository(name)
                .ask(tried, "blobs/" + digest, Map.of("Range", "bytes=0-0"), false, RegistryClient::size);
        if (size < 0) {
            throw new LayerException(Kind.UNSUPPORTED, tried, "the registry does not tell its size", "push it again");
        }
        return new Descriptor("", digest, size);
    }

    /** An answer for one byte tells the size of all; one that ignores that is as long as the blob. */
    private static long size(Response response) {
        String range = String.valueOf(response.header("Content-Range", ""));
        String total = range.substring(range.indexOf('/') + 1);
        return total.matches("[0-9]{1,18}") && range.indexOf('/') >= 0
                ? Long.parseLong(total)
                : response.body().contentLength();
    }

    /** All tags of a repository, in the registry's order, however many pages they fill. */
    public List<String> tags(RepositoryName repository) {
        return new TagList(repository(repository)).all();
    }

    /** Images whose names or descriptions have to do with a word. */
    public Search search(String registry) {
        return new Search(transport, registry);
    }

    @Override
    public void close() {
        transport.close();
    }
}
