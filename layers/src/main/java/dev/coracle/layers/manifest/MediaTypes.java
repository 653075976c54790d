package dev.coracle.layers.manifest;

import dev.coracle.layers.Compression;
import java.util.List;

/** The names that manifests and what they name go by. */
public final class MediaTypes {
    /** An index of the OCI. */
    public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
    /** A manifest of the OCI. */
    public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    /** A configuration of the OCI. */
    public static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
    /** A layer of the OCI that is not compressed. */
    public static final String OCI_LAYER = "application/vnd.oci.image.layer.v1.tar";
    /** Docker's index. */
    public static final String DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
    /** Docker's manifest. */
    public static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
    /** Docker's configuration. */
    public static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
    /** Docker's layer, uncompressed. */
    public static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar";
    /** Docker's first manifest, signed. */
    public static final String SIGNED_SCHEMA1 = "application/vnd.docker.distribution.manifest.v1+prettyjws";
    /** Docker's first manifest. */
    public static final String SCHEMA1 = "application/vnd.docker.distribution.manifest.v1+json";

    /** All that a registry may answer with. */
    public static final List<String> MANIFESTS =
            List.of(OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST, SIGNED_SCHEMA1, SCHEMA1);

    /** What a manifest of docker calls a layer that is compressed so; zstd has a name of the OCI only. */
    public static String dockerLayer(Compression compression) {
        return switch (compression) {
            case NONE -> DOCKER_LAYER;
            case GZIP -> DOCKER_LAYER + ".gzip";
            case ZSTD -> OCI_LAYER + "+zstd";
            case XZ -> DOCKER_LAYER + ".xz";
            case BZIP2 -> DOCKER_LAYER + ".bzip2";
        };
    }

    private MediaTypes() {}
}
