package dev.coracle.cli.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two images in one function: one of this machine's programs, one written by umoci and turned about by skopeo. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImagesInLambdaTest {
    private static final String MAKE = """
            umoci init --layout img
            umoci new --image img:v1
            umoci insert --image img:v1 tree /
            umoci config --image img:v1 --config.entrypoint /bin/sh --config.entrypoint -c \
                --config.cmd 'echo "$GREETING from $PWD as $(id -u):$(id -g)"' --config.env 'GREETING=good day' \
                --config.workingdir /srv/work --config.user 71:72
            skopeo copy --quiet --insecure-policy oci:img:v1 docker-archive:app.tar:app:v1
            """;

    private Function function;

    @BeforeAll
    void startTheFunction(@TempDir Path directory) throws Exception {
        RealLayers layers = new RealLayers(directory);
        Path host = layers.image("host:sh,id,cat", "host");
        function =
                Function.start(Function.settings(List.of(layers.tools(), host, layers.image(app(directory), "app"))));
    }

    @AfterAll
    void endTheFunction() {
        if (function != null) {
            function.close();
        }
    }

    @Test
    void runsTheImagesOwnCommandWithItsVariablesDirectoryAndUser() {
        ObjectNode event = Function.script("").put("image", "app");
        event.remove("command");

        assertThat(function.answer(event).get("stdout").asText()).isEqualTo("good day from /srv/work as 71:72\n");
    }

    @Test
    void anEventsCommandReplacesEntryPointAndCommandAndItsVariablesWin() {
        ObjectNode event = Function.script("echo $GREETING $(id -u)").put("image", "app");
        event.putObject("env").put("GREETING", "night");

        assertThat(function.answer(event).get("stdout").asText()).isEqualTo("night 71\n");
    }

    @Test
    void theOtherImageIsAnotherTree() {
        ObjectNode event = Function.script("echo only here >/mark; cat /mark").put("image", "host");
        assertThat(function.answer(event).get("stdout").asText()).isEqualTo("only here\n");

        ObjectNode other = Function.script("cat /mark").put("image", "app");
        assertThat(function.answer(other).get("exitCode").asInt()).isEqualTo(1);
    }

    @Test
    void severalImagesWithoutANameAreAnErrorThatNamesThem() {
        assertThat(function.failure("{}").get("errorMessage").asText()).contains("app, host");
    }

    @Test
    void anImageThatIsNotThereIsAnErrorThatNamesThoseThatAre() {
        assertThat(function.failure("{\"image\":\"absent\"}")
                        .get("errorMessage")
                        .asText())
                .contains("\"absent\"", "app, host");
    }

    @Test
    void anImageWithoutACommandSaysSo() {
        assertThat(function.failure("{\"image\":\"host\"}").get("errorMessage").asText())
                .contains("command");
    }

    private static String app(Path directory) throws IOException, InterruptedException {
        for (String program : List.of("umoci", "skopeo")) {
            assumeTrue(Files.isExecutable(Path.of("/usr/bin", program)), program + " is not installed");
        }
        RealLayers.hostTree("sh,id,cat", Files.createDirectory(directory.resolve("tree")));
        Path log = directory.resolve("log");
        Process made = new ProcessBuilder("bash", "-euo", "pipefail", "-c", MAKE)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(made.waitFor(50, TimeUnit.SECONDS)).isTrue();
        assertThat(made.exitValue()).as(Files.readString(log)).isZero();
        return "docker-archive:" + directory.resolve("app.tar");
    }
}
