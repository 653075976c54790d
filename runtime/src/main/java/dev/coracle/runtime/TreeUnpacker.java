package dev.coracle.runtime;

import dev.coracle.layers.Digest;
import dev.coracle.layers.UnpackReport;
import java.nio.file.Path;

/** Unpacks a tree archive; {@code TreeArchive::unpack} is the one that is used. */
@FunctionalInterface
public interface TreeUnpacker {
    /**
     * Unpacks {@code archive} into the existing empty directory {@code into}, which may be left half full on failure.
     *
     * @throws dev.coracle.layers.LayerException when the archive has another digest, is damaged or cannot be written
     */
    UnpackReport unpack(Path archive, Digest expected, Path into);
}
