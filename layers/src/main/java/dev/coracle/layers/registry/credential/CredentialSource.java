package dev.coracle.layers.registry.credential;

import java.util.List;

/** Somewhere credentials are kept. Called from several threads. */
@FunctionalInterface
public interface CredentialSource {
    /** Knows nobody. */
    CredentialSource NONE = registry -> Credential.ANONYMOUS;

    /**
     * What is kept for a registry, {@link Credential#ANONYMOUS} when nothing is.
     *
     * @param registry host with port, {@code docker.io} for Docker Hub
     * @throws dev.coracle.layers.LayerException when something is kept and cannot be read
     */
    Credential find(String registry);

    /** The first of several that knows a registry. */
    static CredentialSource firstOf(List<CredentialSource> sources) {
        List<CredentialSource> copy = List.copyOf(sources);
        return registry -> copy.stream()
                .map(each -> each.find(registry))
                .filter(each -> !each.equals(Credential.ANONYMOUS))
                .findFirst()
                .orElse(Credential.ANONYMOUS);
    }
}
