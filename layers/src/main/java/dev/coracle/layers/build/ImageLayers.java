package dev.coracle.layers.build;

import dev.coracle.engines.EngineException;
import dev.coracle.engines.EngineProgram;
import dev.coracle.engines.TreeIndexes;
import dev.coracle.layers.Architecture;
import dev.coracle.layers.Compression;
import dev.coracle.layers.FileProblem;
import dev.coracle.layers.HeldModes;
import dev.coracle.layers.ImageConfig;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.PackedImage;
import dev.coracle.layers.Progress;
import dev.coracle.layers.TreeArchive;
import dev.coracle.layers.TreeInfo;
import dev.coracle.layers.UnpackReport;
import dev.coracle.layers.Unpacker;
import dev.coracle.layers.host.HostTree;
import dev.coracle.layers.image.Image;
import dev.coracle.layers.image.ImageSource;
import dev.coracle.layers.image.Images;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Builds {@code NAME-image-layer.zip}, which shows up under {@code /opt/coracle/images/NAME} in Lambda. */
public final class ImageLayers {
    private static final String PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private ImageLayers() {}

    /** A tree on this disk and how it is run. */
    private record Staged(Path tree, ImageConfig config, HeldModes held) {}

    /**
     * Builds the layer; the zip appears complete or not at all.
     *
     * @throws LayerException when the source is missing, damaged or hostile, or the result cannot be written
     */
    public static BuiltLayer build(LayerRequest request, Progress progress) {
        try (ScratchDirectory scratch = ScratchDirectory.in(request.out())) {
            Staged staged = stage(request, scratch, progress);
            Path archive = scratch.path().resolve("tree.tar.zst");
            TreeInfo tree = TreeArchive.pack(staged.tree(), archive, staged.held(), progress);
            Path description = scratch.path().resolve("image.json");
            new PackedImage(request.name(), request.architecture().toString(), staged.config(), tree)
                    .write(description);
            TreeMap<String, LayerZip.Content> contents = new TreeMap<>();
            String folder = "coracle/images/" + request.name() + "/";
            contents.put(folder + "image.json", new LayerZip.Content(description, 0644));
            contents.put(folder + "tree.tar.zst", new LayerZip.Content(archive, 0644));
            index(staged.tree(), request.architecture(), scratch, progress)
                    .ifPresent(index -> contents.put(folder + "tree.index", new LayerZip.Content(index, 0644)));
            Path zip = request.out().resolve(request.name() + "-image-layer.zip");
            try (Progress.Step step = progress.begin("write " + zip.getFileName(), -1)) {
                LayerZip.write(zip, contents, scratch.path(), step);
                return new BuiltLayer(zip, Files.size(zip), Optional.of(tree));
            }
        } catch (IOException e) {
            throw new LayerException(Kind.IO, "build the layer " + request.name(), FileProblem.of(e), "", e);
        }
    }

    /** What lets guests start faster; they run without it too, so that it cannot be made fails nothing. */
    private static Optional<Path> index(
            Path tree, Architecture architecture, ScratchDirectory scratch, Progress progress) throws IOException {
        String host = System.getProperty("os.arch");
        if (!host.equals(architecture.toString()) && !host.equals(architecture.imageName())) {
            progress.note("without an index: it is made on " + architecture + " only; the first start there makes it");
            return Optional.empty();
        }
        Path index = scratch.path().resolve("tree.index");
        try (Progress.Step step = progress.begin("look through the tree's programs", 1)) {
            EngineProgram engine = EngineProgram.carriedFor(host, scratch.directory("bin"));
            Optional<String> problem = TreeIndexes.pack(engine, tree, index);
            problem.ifPresent(why -> progress.note("without an index: " + why));
            step.advance(1);
            return problem.isEmpty() ? Optional.of(index) : Optional.empty();
        } catch (EngineException e) {
            progress.note("without an index: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static Staged stage(LayerRequest request, ScratchDirectory scratch, Progress progress) throws IOException {
        Path tree = scratch.directory("tree");
        return switch (request.source()) {
            case ImageSource.Oci source -> {
                try (Image image = Images.open(source, request.architecture(), scratch.path())) {
                    yield applied(image, tree, progress);
                }
            }
            case ImageSource.DockerArchive source -> {
                try (Image image = Images.open(source, request.architecture(), scratch.path())) {
                    yield applied(image, tree, progress);
                }
            }
            case ImageSource.RootTar source -> {
                HeldModes held = HeldModes.forPacking();
                unpack(source.path(), tree, held, progress);
                yield new Staged(tree, plain(), held);
            }
            case ImageSource.TreeDirectory source -> new Staged(existing(source.path()), plain(), HeldModes.none());
            case ImageSource.HostPrograms source -> {
                try (Progress.Step step = progress.begin("copy programs of this machine", -1)) {
                    HostTree.copy(source.programs(), request.programPath(), request.architecture(), tree, step);
                }
                yield new Staged(tree, plain(), HeldModes.none());
            }
        };
    }

    private static Staged applied(Image image, Path tree, Progress progress) {
        HeldModes held = HeldModes.forPacking();
        report(image.unpack(tree, held, progress), progress);
        return new Staged(tree, image.config(), held);
    }

    private static void unpack(Path tar, Path tree, HeldModes held, Progress progress) {
        String what = "unpack " + tar;
        try (InputStream file = Files.newInputStream(tar);
                InputStream plain = Compression.open(file);
                Progress.Step step = progress.begin(what, -1);
                InputStream watched = new WatchedStream(plain, step);
                Unpacker unpacker = Unpacker.into(tree, held)) {
            unpacker.tree(watched, tar.toString());
            Compression.finish(watched);
            report(unpacker.finish(), progress);
        } catch (NoSuchFileException e) {
            throw new LayerException(Kind.NOT_FOUND, what, "there is no such file", "check the path", e);
        } catch (IOException e) {
            throw new LayerException(Kind.CORRUPT, what, FileProblem.of(e), "get the file again", e);
        }
    }

    private static void report(UnpackReport report, Progress progress) {
        report.skipped().forEach(progress::note);
    }

    private static Path existing(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new LayerException(
                    Kind.NOT_FOUND, "pack the tree " + directory, "there is no such directory", "check the path");
        }
        return directory;
    }

    private static ImageConfig plain() {
        return new ImageConfig(List.of(), List.of(), List.of(PATH), "/", "");
    }
}
