package dev.coracle.layers.registry.credential;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.reference.RepositoryName;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A program {@code docker-credential-NAME}: it is asked for a registry on its input and answers in JSON. */
final class CredentialProgram implements CredentialSource {
    /** Runs the program of this machine. */
    static final Runner RUN = CredentialProgram::run;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final String HUB_ADDRESS = "https://index.docker.io/v1/";
    /** The user name that says that the secret is an identity token. */
    private static final String TOKEN_USER = "<token>";

    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int ANSWER_MAX = 1 << 20;

    private final String name;
    private final Runner runner;

    /** How a program ended and what it said. */
    record Answer(int exit, String output) {}

    /** Starts a program with an input. */
    interface Runner {
        /** Waits for the end; a program that takes half a minute is ended. */
        Answer run(String program, String input) throws IOException, InterruptedException;
    }

    CredentialProgram(String name, Runner runner) {
        this.name = name;
        this.runner = runner;
    }

    @Override
    public Credential find(String registry) {
        if (!NAME.matcher(name).matches()) {
            throw failure(registry, "no program can be called so", "mend docker's config.json");
        }
        try {
            Answer answer = runner.run(
                    "docker-credential-" + name, registry.equals(RepositoryName.HUB) ? HUB_ADDRESS : registry);
            return answer.exit() == 0 ? read(answer.output(), registry) : notFound(answer, registry);
        } catch (IOException e) {
            throw failure(
                    registry, String.valueOf(e.getMessage()), "install it, or take it out of docker's config.json");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure(registry, "interrupted", "try again");
        }
    }

    private Credential notFound(Answer answer, String registry) {
        if (answer.output().contains("credentials not found")) {
            return Credential.ANONYMOUS;
        }
        throw failure(registry, "it ended with " + answer.exit(), "run it by hand");
    }

    private Credential read(String output, String registry) {
        try {
            JsonNode answer = JSON.readTree(output);
            String user = answer.path("Username").asText("");
            String secret = answer.path("Secret").asText("");
            if (secret.isEmpty()) {
                return Credential.ANONYMOUS;
            }
            return user.equals(TOKEN_USER)
                    ? new Credential.IdentityToken(secret)
                    : new Credential.Password(user, secret);
        } catch (JsonProcessingException e) {
            // What it said may hold the secret.
            throw failure(registry, "its answer is not JSON", "run it by hand");
        }
    }

    private LayerException failure(String registry, String happened, String advice) {
        return new LayerException(
                Kind.DENIED, "ask docker-credential-" + name + " for the login at " + registry, happened, advice);
    }

    private static Answer run(String program, String input) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(program, "get")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        CompletableFuture<Void> atDeadline = CompletableFuture.runAsync(
                process::destroyForcibly, CompletableFuture.delayedExecutor(DEADLINE.toSeconds(), TimeUnit.SECONDS));
        try (InputStream output = process.getInputStream()) {
            say(input, process);
            byte[] answer = output.readNBytes(ANSWER_MAX);
            return new Answer(process.waitFor(), new String(answer, StandardCharsets.UTF_8));
        } finally {
            atDeadline.cancel(false);
            process.destroyForcibly();
        }
    }

    private static void say(String input, Process process) throws IOException {
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
    }
}
