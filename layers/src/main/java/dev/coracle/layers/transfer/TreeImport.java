package dev.coracle.layers.transfer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coracle.layers.Compression;
import dev.coracle.layers.Digest;
import dev.coracle.layers.DigestedStream;
import dev.coracle.layers.FileProblem;
import dev.coracle.layers.HeldModes;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.Progress;
import dev.coracle.layers.Unpacker;
import dev.coracle.layers.blob.BlobFolder;
import dev.coracle.layers.blob.Descriptor;
import dev.coracle.layers.linux.CurrentProcess;
import dev.coracle.layers.manifest.Manifest.ImageManifest;
import dev.coracle.layers.manifest.ManifestWriter;
import dev.coracle.layers.manifest.MediaTypes;
import dev.coracle.layers.reference.LocalName;
import dev.coracle.layers.reference.Platform;
import dev.coracle.layers.store.Attempt;
import dev.coracle.layers.store.Container;
import dev.coracle.layers.store.ContainerStore;
import dev.coracle.layers.store.ImageStore;
import dev.coracle.layers.store.StoredImage;
import dev.coracle.layers.tar.TarReader;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes images and containers of archives of root trees, and containers of clones, compressed or not, as they come by. */
public final class TreeImport {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Digest UNKNOWN = Digest.sha256(new byte[0]);
    private static final String CONTAINER_JSON = "container.json";

    private final ImageStore images;
    private final Platform platform;

    /** Imports into a repository trees for a platform. */
    public TreeImport(ImageStore images, Platform platform) {
        this.images = images;
        this.platform = platform;
    }

    /**
     * Makes an image of one layer, the archive as it is.
     *
     * @throws LayerException when it is no archive, is damaged, or the name is taken; then nothing of it stays
     */
    public StoredImage image(InputStream archive, LocalName name) {
        String tried = "import " + name;
        if (images.find(name).isPresent()) {
            throw new LayerException(Kind.INVALID_REQUEST, tried, "there is an image of that name", "remove it first");
        }
        try {
            return images.use(() -> {
                Attempt attempt = images.attempt();
                BlobFolder blobs = images.blobs();
                BufferedInputStream in = new BufferedInputStream(archive);
                Descriptor layer = blobs.store(in, MediaTypes.dockerLayer(Compression.of(in)));
                attempt.note(layer.digest());
                byte[] config = config(content(blobs.place(layer.digest()), tried));
                Descriptor configured = new Descriptor(MediaTypes.DOCKER_CONFIG, Digest.sha256(config), config.length);
                attempt.note(configured.digest());
                blobs.store(configured.digest(), new ByteArrayInputStream(config));
                return images.publish(name, ManifestWriter.docker(new ImageManifest(configured, List.of(layer))));
            });
        } catch (IllegalArgumentException e) {
            throw corrupt(tried, String.valueOf(e.getMessage()), e);
        }
    }

    /** Reads all of an archive to see that it is one, and takes the digest of its content. */
    private static Digest content(Path layer, String tried) {
        try (InputStream in = LayerFacts.open(layer);
                DigestedStream digested = new DigestedStream(in, UNKNOWN, Progress.Step.UNHEARD)) {
            TarReader tar = new TarReader(digested);
            if (tar.next().isEmpty()) {
                throw new IOException("it is empty, or no archive");
            }
            while (tar.next().isPresent()) {
                // The reader itself refuses what is damaged.
            }
            return digested.finish();
        } catch (IOException | IllegalArgumentException e) {
            throw corrupt(tried, e instanceof IOException io ? FileProblem.of(io) : String.valueOf(e.getMessage()), e);
        }
    }

    private byte[] config(Digest diffId) {
        ObjectNode root = JSON.createObjectNode()
                .put("architecture", platform.architecture())
                .put("os", platform.os());
        if (!platform.variant().isEmpty()) {
            root.put("variant", platform.variant());
        }
        root.putObject("config");
        root.putObject("rootfs").put("type", "layers").putArray("diff_ids").add(diffId.toString());
        return root.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Makes a container at once, without an image.
     *
     * @param image what is noted as its image
     * @throws LayerException as above
     */
    public Container container(
            InputStream archive, ContainerStore containers, String image, List<String> names, Progress progress) {
        String tried = "import a container";
        return containers.make(image, names, directory -> {
            ObjectNode config = JSON.createObjectNode()
                    .put("architecture", platform.architecture())
                    .put("os", platform.os());
            config.putObject("config");
            Files.writeString(directory.resolve(CONTAINER_JSON), config.toString());
            Path root = Files.createDirectory(directory.resolve("ROOT"));
            InputStream plain = Compression.open(archive);
            try (Unpacker unpacker = Unpacker.into(root, HeldModes.forUse(CurrentProcess.isRoot()))) {
                unpacker.tree(plain, "the archive");
                Compression.finish(plain);
                unpacker.finish().skipped().forEach(progress::note);
            } catch (IOException e) {
                throw corrupt(tried, FileProblem.of(e), e);
            }
            return directory;
        });
    }

    private static LayerException corrupt(String tried, String happened, Exception cause) {
        return new LayerException(Kind.CORRUPT, tried, happened, "get the file again", cause);
    }
}
