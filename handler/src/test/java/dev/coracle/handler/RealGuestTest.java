package dev.coracle.handler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coracle.layers.Architecture;
import dev.coracle.layers.ImageConfig;
import dev.coracle.layers.PackedImage;
import dev.coracle.layers.Progress;
import dev.coracle.layers.TreeArchive;
import dev.coracle.layers.TreeInfo;
import dev.coracle.layers.host.HostTree;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The whole function with nothing stood in for: a tree of this machine's programs, run by the engine from the jar. */
@Timeout(120)
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64", disabledReason = "the engine runs guests on x86_64")
class RealGuestTest {
    private static final List<String> PROGRAMS = List.of(
            "sh", "cat", "env", "id", "ls", "sleep", "setsid", "seq", "wc", "head", "sort", "sha256sum", "mkdir");

    @TempDir
    static Path opt;

    @TempDir
    static Path work;

    private static ContainerHandler handler = new ContainerHandler(Map.of());

    @BeforeAll
    static void mountTheImageLayer() throws Exception {
        Architecture architecture = Architecture.parse(System.getProperty("os.arch"));
        Path tree = Files.createDirectories(opt.resolve("tree"));
        List<Path> path = List.of(Path.of("/usr/bin"), Path.of("/bin"));
        HostTree.copy(PROGRAMS, path, architecture, tree, Progress.Step.UNHEARD);
        Path place = Files.createDirectories(opt.resolve("coracle/images/host"));
        TreeInfo info = TreeArchive.pack(tree, place.resolve("tree.tar.zst"), Progress.SILENT);
        ImageConfig config = new ImageConfig(
                List.of("sh", "-c"), List.of("echo $GREETING from $PWD"), List.of("GREETING=hello"), "/srv", "");
        new PackedImage("host", architecture.toString(), config, info).write(place.resolve("image.json"));
        handler = new ContainerHandler(Map.of("CORACLE_OPT", opt.toString(), "CORACLE_WORK", work.toString()));
    }

    @Test
    void runsTheImagesOwnCommandInItsDirectoryWithItsEnvironment() throws Exception {
        JsonNode answer = invoke("{}");
        assertThat(answer.get("stdout").asText()).isEqualTo("hello from /srv\n");
        assertThat(answer.get("exitCode").asInt()).isZero();
    }

    @Test
    void theGuestSeesItsTreeAndNotTheHosts() throws Exception {
        assertThat(run("ls /").get("stdout").asText().lines())
                .contains("srv", "proc")
                .doesNotContain("home", "boot");
        assertThat(run("cat /etc/passwd").get("stdout").asText().lines()).hasSize(2);
        assertThat(run("cat ../../../../../../etc/hostname").get("exitCode").asInt())
                .isEqualTo(1);
    }

    @Test
    void theGuestIsRootAtHomeUnlessTheEventSaysOtherwise() throws Exception {
        assertThat(run("id -u; echo $HOME").get("stdout").asText()).isEqualTo("0\n/root\n");
        ObjectNode event = script("id -u; id -g; echo $HOME");
        JsonNode answer = invoke(event.put("user", "1000:100").toString());
        assertThat(answer.get("stdout").asText()).isEqualTo("1000\n100\n/tmp\n");
    }

    @Test
    void theEnvironmentIsCleanAndTheEventsVariablesAreThere() throws Exception {
        ObjectNode event = script("env | sort");
        event.putObject("env").put("INPUT", "häuser = 3").put("GREETING", "bye");
        assertThat(invoke(event.toString()).get("stdout").asText())
                .isEqualTo("GREETING=bye\nHOME=/root\nINPUT=häuser = 3\nPATH=/usr/local/sbin:/usr/local/bin:"
                        + "/usr/sbin:/usr/bin:/sbin:/bin\nPWD=/srv\n");
    }

    @Test
    void standardInputArrivesByteForByte() throws Exception {
        ObjectNode event = script("sha256sum; wc -c");
        JsonNode answer = invoke(event.put("stdin", "abc").toString());
        assertThat(answer.get("stdout").asText())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  -\n0\n");
    }

    @Test
    void aCommandThatIsNotThereOrNotAProgramIsSaidAsAShellWould() throws Exception {
        JsonNode missing = invoke("{\"command\":[\"no-such-program\"]}");
        assertThat(missing.get("exitCode").asInt()).isEqualTo(127);
        assertThat(missing.get("stderr").asText()).contains("no-such-program");
        assertThat(invoke("{\"command\":[\"/etc/passwd\"]}").get("exitCode").asInt())
                .isEqualTo(126);
    }

    @Test
    void signalsAreToldFromExitCodes() throws Exception {
        JsonNode killed = run("kill -SEGV $$");
        assertThat(killed.get("exitCode").asInt()).isEqualTo(139);
        assertThat(killed.get("signal").asInt()).isEqualTo(11);
        assertThat(run("exit 139").get("signal").isNull()).isTrue();
    }

    @Test
    void theTimeOutEndsEveryProcessOfTheGuest() throws Exception {
        ObjectNode event = script("setsid sh -c 'sleep 3471 & setsid sleep 3471' & sleep 3471");
        JsonNode answer = invoke(event.put("timeoutSeconds", 0.7).toString());
        assertThat(answer.get("timedOut").asBoolean()).isTrue();
        assertThat(answer.get("signal").asInt()).isEqualTo(9);
        assertThat(ProcessHandle.allProcesses()
                        .filter(process -> String.join(
                                        " ", process.info().arguments().orElse(new String[0]))
                                .contains("3471")))
                .isEmpty();
    }

    @Test
    void aMissingWorkingDirectoryIsMade() throws Exception {
        ObjectNode event = script("pwd");
        assertThat(invoke(event.put("workdir", "/data/in/put").toString())
                        .get("stdout")
                        .asText())
                .isEqualTo("/data/in/put\n");
    }

    @Test
    void largeOutputComesCutAndStaysWhole() throws Exception {
        JsonNode answer = run("seq 1 2000000");
        assertThat(answer.get("stdoutTruncated").asBoolean()).isTrue();
        assertThat(answer.get("stdoutBytes").asInt()).isEqualTo(14_888_896);
        assertThat(Path.of(answer.get("stdoutFile").asText())).hasSize(14_888_896);
    }

    private static JsonNode run(String script) throws IOException {
        return invoke(script(script).toString());
    }

    private static ObjectNode script(String script) {
        ObjectNode event = new ObjectMapper().createObjectNode();
        event.putArray("command").add("sh").add("-c").add(script);
        return event;
    }

    private static JsonNode invoke(String event) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        handler.handleRequest(
                new ByteArrayInputStream(event.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                output,
                new FixedContext("real", 100_000));
        return new ObjectMapper().readTree(output.toByteArray());
    }
}
