package dev.coracle.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.coracle.engines.Bind;
import dev.coracle.engines.Launch;
import dev.coracle.events.JobRequest;
import dev.coracle.layers.ImageConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchPlanTest {
    private static final ImageConfig IMAGE = new ImageConfig(
            List.of("entry", "-v"), List.of("cmd"), List.of("LANG=C", "MODE=image", "broken", "=x"), "/srv/app", "");

    @TempDir
    Path directory;

    private Path root = Path.of("");

    @BeforeEach
    void unpackATree() throws Exception {
        InstalledImage image = ImageFixture.install(directory.resolve("images"), "tools", IMAGE);
        root = new TreeStore(directory.resolve("trees"), dev.coracle.layers.TreeArchive::unpack)
                .prepare(image)
                .root();
    }

    @Test
    void withoutACommandTheImagesEntrypointAndCmdRun() {
        assertThat(plan(IMAGE, JobRequest.empty()).command()).containsExactly("entry", "-v", "cmd");
    }

    @Test
    void aCommandIsTheWholeCommandLine() {
        assertThat(plan(IMAGE, request(List.of("ls", "/"), Map.of(), "", "")).command())
                .containsExactly("ls", "/");
    }

    @Test
    void noCommandAnywhereIsSaid() {
        JobException failure =
                catchThrowableOfType(JobException.class, () -> plan(ImageConfig.empty(), JobRequest.empty()));
        assertThat(failure.kind()).isEqualTo(JobException.Kind.UNFIT_REQUEST);
        assertThat(failure.advice()).contains("command");
    }

    @Test
    void theRequestsVariablesGoOverTheImages() {
        Launch launch = plan(IMAGE, request(List.of("x"), Map.of("MODE", "event"), "", ""));
        assertThat(launch.env())
                .containsExactly(
                        Map.entry("PATH", GuestEnvironment.PATH),
                        Map.entry("HOME", "/root"),
                        Map.entry("LANG", "C"),
                        Map.entry("MODE", "event"));
    }

    @Test
    void nothingOfTheFunctionsOwnEnvironmentIsPassed() {
        assertThat(plan(IMAGE, JobRequest.empty()).env().keySet())
                .containsExactlyInAnyOrder("PATH", "HOME", "LANG", "MODE");
    }

    @Test
    void homeIsThatOfTheUserOrElseAPlaceThatExists() {
        assertThat(home("node")).isEqualTo("/home/node");
        assertThat(home("1000")).isEqualTo("/home/node");
        assertThat(home("ghost")).isEqualTo("/tmp");
        assertThat(home("4711:4711")).isEqualTo("/tmp");
    }

    @Test
    void homeIsLeftAloneWhenSomebodySetIt() {
        ImageConfig image = new ImageConfig(List.of("x"), List.of(), List.of("HOME=/data"), "/", "");
        assertThat(plan(image, JobRequest.empty()).env()).containsEntry("HOME", "/data");
    }

    @Test
    void usersAreFoundInTheTreesOwnTable() {
        assertThat(user("", "")).contains("0:0");
        assertThat(user("node", "")).contains("1000:1001");
        assertThat(user("1000", "")).contains("1000:1001");
        assertThat(user("node:staff", "")).contains("1000:50");
        assertThat(user("node:7", "")).contains("1000:7");
        assertThat(user("4711", "")).contains("4711:0");
        assertThat(user("node", "12:34")).contains("12:34");
    }

    @Test
    void anUnknownUserIsSaid() {
        JobException failure = catchThrowableOfType(JobException.class, () -> user("nobody-here", ""));
        assertThat(failure.happened()).contains("/etc/passwd");
        assertThat(catchThrowableOfType(JobException.class, () -> user("node:none", ""))
                        .happened())
                .contains("/etc/group");
    }

    @Test
    void aUserTableThatLinksOutOfTheTreeIsNotFollowedOut() throws Exception {
        Files.delete(root.resolve("etc/passwd"));
        Files.createSymbolicLink(root.resolve("etc/passwd"), Path.of("../../../../../../../../etc/passwd"));
        assertThat(catchThrowableOfType(JobException.class, () -> user("daemon", "")))
                .isNotNull();
    }

    @Test
    void aWorkingDirectoryThatIsMissingIsMade() {
        assertThat(plan(IMAGE, JobRequest.empty()).workdir()).isEqualTo("/srv/app");
        assertThat(root.resolve("srv/app")).isDirectory();
    }

    @Test
    void aWorkingDirectoryBehindALinkStaysInTheTree() throws Exception {
        Files.createSymbolicLink(root.resolve("out"), directory.resolve("outside"));
        plan(IMAGE, request(List.of("x"), Map.of(), "/out/deep", ""));
        assertThat(directory.resolve("outside")).doesNotExist();
        assertThat(root.resolve(directory.toString().substring(1)).resolve("outside/deep"))
                .isDirectory();
    }

    @Test
    void aWorkingDirectoryThatIsAFileIsSaid() {
        JobException failure = catchThrowableOfType(
                JobException.class, () -> plan(IMAGE, request(List.of("x"), Map.of(), "/etc/passwd", "")));
        assertThat(failure.kind()).isEqualTo(JobException.Kind.UNFIT_REQUEST);
    }

    @Test
    void linksInCirclesAreSaid() throws Exception {
        Files.createSymbolicLink(root.resolve("a"), Path.of("b"));
        Files.createSymbolicLink(root.resolve("b"), Path.of("a"));
        assertThat(catchThrowableOfType(
                        JobException.class, () -> plan(IMAGE, request(List.of("x"), Map.of(), "/a", ""))))
                .hasMessageContaining("circles");
    }

    @Test
    void theGuestSeesTheKernelsViewsAndTheHostsResolver() {
        assertThat(plan(IMAGE, JobRequest.empty()).binds())
                .contains(Bind.writable(Path.of("/proc"), "/proc"), Bind.writable(Path.of("/dev/null"), "/dev/null"));
    }

    private String home(String user) {
        return plan(image(user), JobRequest.empty()).env().getOrDefault("HOME", "");
    }

    private Optional<String> user(String image, String request) {
        return plan(image(image), request(List.of("x"), Map.of(), "", request)).user();
    }

    private static ImageConfig image(String user) {
        return new ImageConfig(List.of("x"), List.of(), List.of(), "/", user);
    }

    private Launch plan(ImageConfig config, JobRequest request) {
        return new LaunchPlan(root, config, request).launch();
    }

    private static JobRequest request(List<String> command, Map<String, String> env, String workdir, String user) {
        return new JobRequest(
                Optional.empty(),
                command,
                env,
                Optional.empty(),
                Optional.of(workdir).filter(text -> !text.isEmpty()),
                Optional.of(user).filter(text -> !text.isEmpty()),
                Optional.empty());
    }
}
