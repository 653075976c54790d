package dev.coracle.layers.registry.credential;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;

/** Docker's {@code config.json}: logins, and the programs that keep others. Read when asked, so a login counts at once. */
public final class DockerConfig implements CredentialSource {
    private final Path file;
    private final CredentialProgram.Runner runner;

    /** Uses a file that need not exist. */
    public DockerConfig(Path file) {
        this(file, CredentialProgram.RUN);
    }

    DockerConfig(Path file, CredentialProgram.Runner runner) {
        this.file = file;
        this.runner = runner;
    }

    @Override
    public Credential find(String registry) {
        JsonNode config = StoredLogins.read(file);
        String own = StoredLogins.find(config.path("credHelpers"), registry).asText("");
        String program = own.isEmpty() ? config.path("credsStore").asText("") : own;
        if (!program.isEmpty()) {
            Credential kept = new CredentialProgram(program, runner).find(registry);
            if (!kept.equals(Credential.ANONYMOUS)) {
                return kept;
            }
        }
        return StoredLogins.credential(StoredLogins.find(config.path("auths"), registry), registry);
    }
}
