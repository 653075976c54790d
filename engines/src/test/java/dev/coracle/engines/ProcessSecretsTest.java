package dev.coracle.engines;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Native;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessSecretsTest {
    /** In a process of its own: hidden is hidden for good. */
    public static void main(String[] args) throws Exception {
        boolean hidden = args[0].equals("hide") && ProcessSecrets.hide();
        List<String> look = List.of("cat", "/proc/" + ProcessHandle.current().pid() + "/environ");
        Process child = new ProcessBuilder(look).redirectErrorStream(true).start();
        String seen = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        System.out.println(hidden + " " + seen.contains("AWS_SECRET_ACCESS_KEY=hush"));
    }

    @TempDir
    Path directory;

    @Test
    void aChildOfTheSameUserCannotReadTheEnvironmentOfAProcessThatHides() throws Exception {
        assertThat(lookAsNobody("show", directory.resolve("first"))).isEqualTo("false true");
        assertThat(lookAsNobody("hide", directory.resolve("second"))).isEqualTo("true false");
    }

    /** Root may always look, so root steps down first; anybody else is nobody enough. */
    private String lookAsNobody(String what, Path classes) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(
                    List.of("setpriv", "--reuid=65534", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all"));
        }
        command.addAll(List.of(
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                readableClassPath(classes),
                ProcessSecretsTest.class.getName(),
                what));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("AWS_SECRET_ACCESS_KEY", "hush");
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    /** Copies of what is needed, because nobody may not look into root's home. */
    private static String readableClassPath(Path directory) throws Exception {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory.resolveSibling(""), PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> path = new ArrayList<>();
        for (Class<?> type : List.of(Native.class, ProcessSecrets.class, ProcessSecretsTest.class)) {
            Path from = Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
            Path to = directory.resolve(type.getSimpleName());
            try (Stream<Path> files = Files.walk(from)) {
                for (Path file : files.toList()) {
                    Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            path.add(to.toString());
        }
        return String.join(":", path);
    }
}
