package dev.coracle.runtime;

import dev.coracle.engines.TreeRemoval;
import dev.coracle.layers.Architecture;
import dev.coracle.layers.ImageConfig;
import dev.coracle.layers.PackedImage;
import dev.coracle.layers.Progress;
import dev.coracle.layers.TreeArchive;
import dev.coracle.layers.TreeInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Installs small real images, packed by the module that packs them for Lambda. */
final class ImageFixture {
    static final String HOST = Architecture.parse(System.getProperty("os.arch")).toString();

    private ImageFixture() {}

    static InstalledImage install(Path images, String name, ImageConfig config) throws IOException {
        return install(images, name, HOST, config);
    }

    static InstalledImage install(Path images, String name, String architecture, ImageConfig config)
            throws IOException {
        Path tree = Files.createTempDirectory("coracle-test-tree");
        for (String directory : List.of("etc", "tmp", "root", "home/node")) {
            Files.createDirectories(tree.resolve(directory));
        }
        Files.writeString(tree.resolve("etc/passwd"), """
                root:x:0:0:root:/root:/bin/sh
                node:x:1000:1001::/home/node:/bin/sh
                ghost:x:7:8::/nowhere:/bin/sh
                """);
        Files.writeString(tree.resolve("etc/group"), "root:x:0:\nstaff:x:50:node\n");
        Files.writeString(tree.resolve("name"), name);
        Path place = Files.createDirectories(images.resolve(name));
        TreeInfo info = TreeArchive.pack(tree, place.resolve("tree.tar.zst"), Progress.SILENT);
        PackedImage image = new PackedImage(name, architecture, config, info);
        image.write(place.resolve("image.json"));
        TreeRemoval.remove(tree);
        return new InstalledImage(image, place.resolve("tree.tar.zst"));
    }
}
