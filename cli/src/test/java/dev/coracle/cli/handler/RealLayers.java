package dev.coracle.cli.handler;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.coracle.layers.Architecture;
import dev.coracle.layers.Progress;
import dev.coracle.layers.build.ImageLayers;
import dev.coracle.layers.build.LayerRequest;
import dev.coracle.layers.build.ToolsLayer;
import dev.coracle.layers.host.HostTree;
import dev.coracle.layers.image.ImageSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Layers as the layer builder makes them, in one directory. */
record RealLayers(Path directory) {
    private static final List<Path> PATH = List.of(Path.of("/usr/bin"), Path.of("/bin"));

    /** The tools layer and one image layer of this machine's programs. */
    List<Path> ofHostPrograms(String programs) {
        return List.of(tools(), image("host:" + programs, "host"));
    }

    /** The layer with the engine that is built here. */
    Path tools() {
        return ToolsLayer.build(architecture(), directory, Progress.SILENT).zip();
    }

    /** An image layer of a source as the command line writes it. */
    Path image(String source, String name) {
        LayerRequest request = new LayerRequest(ImageSource.parse(source), name, architecture(), directory, PATH);
        return ImageLayers.build(request, Progress.SILENT).zip();
    }

    /** A tree of this machine's programs in an empty directory. */
    static void hostTree(String programs, Path into) {
        HostTree.copy(List.of(programs.split(",", -1)), PATH, architecture(), into, Progress.Step.UNHEARD);
    }

    /** The image layer of the Debian tree that scripts/test-trees makes; skips the test where there is none. */
    Path debian() {
        String cache =
                System.getProperty("coracle.test.cache", System.getProperty("user.home") + "/.cache/coracle-tests");
        Path tree = Path.of(cache, "debian12");
        assumeTrue(Files.isDirectory(tree.resolve("usr")), () -> "there is no Debian tree " + tree);
        return image("tree:" + tree, "debian");
    }

    private static Architecture architecture() {
        return Architecture.parse(System.getProperty("os.arch"));
    }
}
