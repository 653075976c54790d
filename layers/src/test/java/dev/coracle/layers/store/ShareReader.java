package dev.coracle.layers.store;

import dev.coracle.layers.LayerException;
import dev.coracle.layers.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A program that uses a repository on a disk that it cannot write to, with containers of its own elsewhere. */
public final class ShareReader {
    private ShareReader() {}

    /** Repository, directory for containers. Prints what it found, and of what it made one. */
    public static void main(String[] arguments) throws Exception {
        Path share = Path.of(arguments[0]);
        RepositoryPlaces read = RepositoryPlaces.under(share);
        ImageStore images = new ImageStore(read);
        images.list().forEach(image -> System.out.println("image " + image.name()));
        ContainerStore shared = new ContainerStore(read, images);
        shared.list().forEach(each -> System.out.println("container " + String.join(" ", each.names())));
        Files.createDirectory(Path.of(arguments[1]));
        RepositoryPlaces own = RepositoryPlaces.of(share, Map.of("UDOCKER_CONTAINERS", arguments[1]));
        Container made = new ContainerStore(own, new ImageStore(own))
                .create(images.list().getFirst(), List.of(), Progress.SILENT);
        System.out.println("made of " + made.image());
        try {
            shared.remove(shared.list().getFirst());
            System.out.println("removed from a disk that nobody can write to");
        } catch (LayerException e) {
            String said = String.valueOf(e.getMessage());
            System.out.println(said.contains("Read-only") ? "read-only: refused" : said);
        }
    }
}
