package dev.coracle.layers.transfer;

import dev.coracle.layers.Compression;
import dev.coracle.layers.Digest;
import dev.coracle.layers.blob.BlobFolder;
import dev.coracle.layers.blob.Descriptor;
import dev.coracle.layers.manifest.MediaTypes;
import dev.coracle.layers.store.Attempt;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes the files of an archive as they come by, in whatever order: short documents are kept in memory, everything else becomes a blob at
 * once. What is what is told by the bytes; names differ from one program to the next.
 */
final class Intake {
    private static final int DOCUMENT_MAX = 4 << 20;
    private static final int DOCUMENTS_MAX = 64 << 20;
    private static final int TAR_BLOCK = 512;
    private static final int LINKS_MAX = 8;
    private static final Pattern BLOB = Pattern.compile("blobs/(sha256|sha512)/([0-9a-f]+)");

    private final BlobFolder blobs;
    private final Attempt attempt;
    private final Map<String, byte[]> documents = new HashMap<>();
    private final Map<String, Descriptor> layers = new HashMap<>();
    private final Map<String, String> links = new HashMap<>();
    private long documentBytes;

    Intake(BlobFolder blobs, Attempt attempt) {
        this.blobs = blobs;
        this.attempt = attempt;
    }

    /** Takes a file; not all of its content need be read. */
    void file(String name, long size, InputStream content) throws IOException {
        String path = normal(name);
        BufferedInputStream in = new BufferedInputStream(content);
        Matcher named = BLOB.matcher(path);
        if (named.matches()) {
            Digest digest = new Digest(named.group(1), named.group(2));
            attempt.note(digest);
            blobs.store(digest, in);
        } else if (size <= DOCUMENT_MAX && isDocument(in)) {
            documentBytes += size;
            if (documentBytes > DOCUMENTS_MAX) {
                throw new IOException("it holds more documents than any image");
            }
            documents.put(path, in.readNBytes(DOCUMENT_MAX));
        } else if (Compression.of(in) != Compression.NONE || size >= TAR_BLOCK) {
            String type = MediaTypes.dockerLayer(Compression.of(in));
            Descriptor layer = blobs.store(in, type);
            attempt.note(layer.digest());
            layers.put(path, layer);
        }
    }

    private static boolean isDocument(BufferedInputStream in) throws IOException {
        in.mark(1);
        int first = in.read();
        in.reset();
        return first == '{' || first == '[';
    }

    /** Takes a symbolic link; its target is seen from where it lies. */
    void symlink(String name, String target) {
        String path = normal(name);
        links.put(path, normal(path.substring(0, path.lastIndexOf('/') + 1) + target));
    }

    /** Takes a hard link; its target is seen from the top. */
    void hardLink(String name, String target) {
        links.put(normal(name), normal(target));
    }

    private static String normal(String name) {
        return Path.of("/").resolve(name).normalize().toString().substring(1);
    }

    private String resolve(String name) {
        String path = normal(name);
        for (int hop = 0; hop < LINKS_MAX && links.containsKey(path); hop++) {
            path = links.getOrDefault(path, path);
        }
        return path;
    }

    /** A document by its name, also one that lies among the blobs. */
    Optional<byte[]> document(String name) throws IOException {
        String path = resolve(name);
        Matcher named = BLOB.matcher(path);
        return named.matches()
                ? blob(new Digest(named.group(1), named.group(2)))
                : Optional.ofNullable(documents.get(path));
    }

    /** A document by its digest. */
    Optional<byte[]> blob(Digest digest) throws IOException {
        Path place = blobs.place(digest);
        if (!Files.isRegularFile(place) || Files.size(place) > DOCUMENT_MAX) {
            return Optional.empty();
        }
        return Optional.of(Files.readAllBytes(place));
    }

    /** The layer by the name of its file. */
    Descriptor layer(String name) throws IOException {
        String path = resolve(name);
        Matcher named = BLOB.matcher(path);
        if (named.matches()) {
            Digest digest = new Digest(named.group(1), named.group(2));
            if (blobs.has(digest)) {
                return describe(digest);
            }
        }
        Descriptor found = layers.get(path);
        if (found == null) {
            throw new IOException("the layer " + name + " is named and not there");
        }
        return found;
    }

    private Descriptor describe(Digest digest) throws IOException {
        Path place = blobs.place(digest);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(place))) {
            return new Descriptor(MediaTypes.dockerLayer(Compression.of(in)), digest, Files.size(place));
        }
    }

    /** Stores a document as a blob. */
    Descriptor keep(byte[] document, String mediaType) throws IOException {
        Digest digest = Digest.sha256(document);
        attempt.note(digest);
        blobs.store(digest, new java.io.ByteArrayInputStream(document));
        return new Descriptor(mediaType, digest, document.length);
    }

    /** The content of a layer, uncompressed. */
    InputStream open(Descriptor layer) throws IOException {
        return Compression.open(Files.newInputStream(blobs.place(layer.digest())));
    }
}
