package dev.coracle.bench.pull;

import dev.coracle.layers.blob.BlobFolder;
import dev.coracle.layers.reference.Platform;
import dev.coracle.layers.reference.Reference;
import dev.coracle.layers.registry.ImagePull;
import dev.coracle.layers.registry.RegistryClient;
import dev.coracle.layers.registry.TransferProgress;
import dev.coracle.layers.registry.credential.CredentialSource;
import dev.coracle.layers.registry.http.HttpSettings;
import java.nio.file.Files;
import java.nio.file.Path;

/** Pulls one image, digests and all, and prints how long that took without the start of the virtual machine, in nanoseconds. */
public final class PullOnce {
    private static final int BLOBS_AT_ONCE = 3;

    private PullOnce() {}

    /**
     * Pulls {@code REFERENCE} into {@code DIRECTORY}, so many times anew, and prints the time of the last.
     *
     * @param arguments REFERENCE DIRECTORY TIMES
     */
    public static void main(String[] arguments) throws Exception {
        Reference reference = Reference.parse(arguments[0]);
        int times = Integer.parseInt(arguments[2]);
        long took = 0;
        for (int i = 0; i < times; i++) {
            Path into = Files.createDirectory(Path.of(arguments[1], "blobs-" + i));
            long begun = System.nanoTime();
            try (RegistryClient client = new RegistryClient(HttpSettings.DEFAULT, CredentialSource.NONE)) {
                new ImagePull(client, new BlobFolder(into), BLOBS_AT_ONCE)
                        .pull(reference, Platform.parse("linux/amd64", ""), TransferProgress.SILENT);
            }
            took = System.nanoTime() - begun;
        }
        System.out.println(took);
    }
}
