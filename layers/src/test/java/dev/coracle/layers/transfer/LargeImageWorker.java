package dev.coracle.layers.transfer;

import dev.coracle.layers.Progress;
import dev.coracle.layers.TreeArchive;
import dev.coracle.layers.reference.LocalName;
import dev.coracle.layers.reference.Platform;
import dev.coracle.layers.store.Container;
import dev.coracle.layers.store.ContainerStore;
import dev.coracle.layers.store.ImageStore;
import dev.coracle.layers.store.RepositoryPlaces;
import dev.coracle.layers.store.StoredImage;
import dev.coracle.layers.tar.RawTar;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A program that takes one large image through everything that is done with images; how little memory it has decides who starts it. */
public final class LargeImageWorker {
    private static final int IN_A_DIRECTORY = 1000;
    private static final int PIECE = 1 << 20;

    private LargeImageWorker() {}

    /** Directory, entries, MiB of one large file. Prints {@code done} with how many entries a container had. */
    public static void main(String[] arguments) throws IOException {
        Path top = Path.of(arguments[0]);
        int entries = Integer.parseInt(arguments[1]);
        int mebibytes = Integer.parseInt(arguments[2]);
        RepositoryPlaces places = RepositoryPlaces.under(top);
        places.create();
        ImageStore images = new ImageStore(places);
        ContainerStore containers = new ContainerStore(places, images);
        StoredImage image;
        try (InputStream tree = archive(entries, mebibytes)) {
            image = new TreeImport(images, Platform.parse("linux/amd64", "")).image(tree, LocalName.parse("large"));
        }
        Container container = containers.create(image, List.of(), Progress.SILENT);
        TreeArchive.export(container.root(), OutputStream.nullOutputStream(), Progress.SILENT);
        new ImageSave(images).docker(List.of(image), OutputStream.nullOutputStream());
        new ImageSave(images).oci(List.of(image), OutputStream.nullOutputStream());
        try (Stream<Path> all = Files.walk(container.root())) {
            System.out.println("done " + all.filter(Files::isRegularFile).count());
        }
    }

    /** A tree as a stream: nobody holds all of it. */
    private static InputStream archive(int entries, int mebibytes) {
        String piece = "0123456789abcdef".repeat(PIECE / 16);
        Stream<byte[]> small = IntStream.range(0, entries)
                .mapToObj(i -> new RawTar()
                        .entry(
                                '0',
                                "opt/application/node_modules/package-" + i / IN_A_DIRECTORY + "/some-module-file-" + i,
                                "")
                        .unfinished());
        Stream<byte[]> header = Stream.of(new RawTar()
                .header('0', "large", (long) mebibytes * PIECE, block -> {})
                .unfinished());
        Stream<byte[]> large = IntStream.range(0, mebibytes)
                .mapToObj(i -> new RawTar().blocks(piece).unfinished());
        Stream<byte[]> end = Stream.of(new RawTar().bytes());
        // Concatenated two by two: that way nothing is made before it is read.
        Stream<byte[]> all = Stream.concat(small, Stream.concat(header, Stream.concat(large, end)));
        return new Pieces(all.iterator());
    }

    /** One piece after the other, each made when it is read. */
    private static final class Pieces extends InputStream {
        private final Iterator<byte[]> pieces;
        private byte[] piece = new byte[0];
        private int at;

        Pieces(Iterator<byte[]> pieces) {
            this.pieces = pieces;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            while (at == piece.length && pieces.hasNext()) {
                piece = pieces.next();
                at = 0;
            }
            int taken = Math.min(length, piece.length - at);
            System.arraycopy(piece, at, into, offset, taken);
            at += taken;
            return taken == 0 && length > 0 ? -1 : taken;
        }
    }
}
