package dev.coracle.bench.unpack;

import dev.coracle.layers.Digest;
import dev.coracle.layers.TreeArchive;
import java.nio.file.Files;
import java.nio.file.Path;

/** Unpacks one archive, digest and all, and prints how long that took without the start of the virtual machine, in nanoseconds. */
public final class UnpackOnce {
    private UnpackOnce() {}

    /**
     * Unpacks {@code ARCHIVE} with the {@code sha256:} digest {@code DIGEST} into {@code DIRECTORY}, so many times anew, and prints
     * the time of the last.
     *
     * @param arguments ARCHIVE DIGEST DIRECTORY TIMES
     */
    public static void main(String[] arguments) throws Exception {
        Path archive = Path.of(arguments[0]);
        Digest digest = Digest.parse(arguments[1]);
        int times = Integer.parseInt(arguments[3]);
        long took = 0;
        for (int i = 0; i < times; i++) {
            Path into = Files.createDirectory(Path.of(arguments[2], "tree-" + i));
            long begun = System.nanoTime();
            TreeArchive.unpack(archive, digest, into);
            took = System.nanoTime() - begun;
        }
        System.out.println(took);
    }
}
