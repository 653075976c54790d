package dev.coracle.layers.registry.http;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Whom we believe to be a registry, and how we show who we are.
 *
 * @param authorities certificates in PEM that are believed besides those of Java
 * @param client what is shown when a registry asks for a certificate; never to another host it sends us to
 * @param unchecked believes everybody; only when a person said so
 */
public record Trust(Optional<Path> authorities, Optional<ClientCertificate> client, boolean unchecked) {
    /** What Java believes. */
    public static final Trust DEFAULT = new Trust(Optional.empty(), Optional.empty(), false);

    /**
     * A certificate and its key.
     *
     * @param certificate PEM, with the certificates between it and its authority
     * @param key PEM, PKCS #8 without a password
     */
    public record ClientCertificate(Path certificate, Path key) {}
}
