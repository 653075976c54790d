package dev.coracle.layers.transfer;

import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.Progress;
import dev.coracle.layers.reference.LocalName;
import dev.coracle.layers.reference.Platform;
import dev.coracle.layers.registry.RegistryClient;
import dev.coracle.layers.registry.TransferProgress;
import dev.coracle.layers.registry.credential.CredentialSource;
import dev.coracle.layers.registry.http.HttpSettings;
import dev.coracle.layers.store.Container;
import dev.coracle.layers.store.ContainerStore;
import dev.coracle.layers.store.ImageStore;
import dev.coracle.layers.store.RepositoryPlaces;
import dev.coracle.layers.store.StoredImage;
import dev.coracle.layers.transfer.ImageLoad.Naming;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A program that pulls, loads, creates and removes at random in one repository, until it is killed or its time is over. */
public final class RepositoryWorker {
    /** What others may do to us at any time. */
    private static final Set<Kind> OF_OTHERS = EnumSet.of(Kind.INVALID_REQUEST, Kind.NOT_FOUND, Kind.BUSY);

    private static final Platform HERE = Platform.parse("linux/amd64", "");

    private final ImageStore images;
    private final ContainerStore containers;
    private final Path layout;
    private final LocalName remote;
    private final Random random;

    private RepositoryWorker(Path repository, Path layout, String remote, long seed) {
        RepositoryPlaces places = RepositoryPlaces.under(repository);
        this.images = new ImageStore(places);
        this.containers = new ContainerStore(places, images);
        this.layout = layout;
        this.remote = LocalName.parse(remote);
        this.random = new Random(seed);
    }

    /** Repository, layout, image at a registry, seed, seconds. Prints {@code ready}, and {@code done} with the number of steps. */
    public static void main(String[] arguments) {
        RepositoryWorker worker = new RepositoryWorker(
                Path.of(arguments[0]), Path.of(arguments[1]), arguments[2], Long.parseLong(arguments[3]));
        System.out.println("ready");
        long end = System.nanoTime()
                + Duration.ofSeconds(Long.parseLong(arguments[4])).toNanos();
        int steps = 0;
        while (System.nanoTime() - end < 0) {
            try {
                worker.step();
            } catch (LayerException e) {
                if (!OF_OTHERS.contains(e.kind())) {
                    throw e;
                }
            }
            steps++;
        }
        System.out.println("done " + steps);
    }

    private void step() {
        switch (random.nextInt(6)) {
            case 0 -> new ImageLoad(images, HERE).load(layout, new Naming(Optional.of("app" + random.nextInt(2)), "x"));
            case 1 -> pull();
            case 2, 3 -> {
                List<StoredImage> all = images.list();
                if (!all.isEmpty()) {
                    containers.create(any(all), List.of("c" + random.nextInt(4)), Progress.SILENT);
                }
            }
            case 4 -> {
                List<Container> all = containers.list();
                if (!all.isEmpty()) {
                    containers.remove(any(all));
                }
            }
            default -> {
                List<StoredImage> all = images.list();
                if (!all.isEmpty()) {
                    images.remove(any(all));
                }
            }
        }
    }

    private void pull() {
        try (RegistryClient client = new RegistryClient(HttpSettings.DEFAULT, CredentialSource.NONE)) {
            new RemoteImages(client, images).pull(remote, HERE, TransferProgress.SILENT);
        }
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
