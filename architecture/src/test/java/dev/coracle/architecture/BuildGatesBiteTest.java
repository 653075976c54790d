package dev.coracle.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * One Maven run with the real parent pom over one module per gate that breaks it once, and one that breaks none. The run is
 * offline: what it needs was fetched by the build that runs this test.
 */
class BuildGatesBiteTest {
    private static final BadModule NONE = new BadModule("formatted", "", "Fine", "final class Fine {}\n");
    private static final Pattern MODULE = Pattern.compile("(?:Building|on project) ([a-z-]+)(?: 0\\.1\\.0|:)");
    private static final Map<String, List<String>> OUTPUT = new HashMap<>();

    @TempDir
    private static Path project;

    @BeforeAll
    static void buildThemAll() throws IOException, InterruptedException {
        var home = Checkout.HOME;
        for (var file :
                List.of("mvnw", ".mvn/jvm.config", ".mvn/wrapper/maven-wrapper.properties", "config/checkstyle.xml")) {
            Files.createDirectories(project.resolve(file).getParent());
            Files.copy(home.resolve(file), project.resolve(file));
        }
        var modules = new ArrayList<>(BadModule.all());
        modules.add(NONE);
        for (var module : modules) {
            module.write(project);
        }
        var names = modules.stream()
                .map(module -> "<module>" + module.name() + "</module>")
                .collect(Collectors.joining());
        var pom = Files.readString(home.resolve("pom.xml"))
                .replaceFirst("(?s)<modules>.*?</modules>", "<modules>" + names + "</modules>");
        Files.writeString(project.resolve("pom.xml"), pom);
        sort(maven());
    }

    @TestFactory
    Stream<DynamicTest> everyGateBites() {
        return BadModule.all().stream()
                .map(module -> DynamicTest.dynamicTest(
                        module.name(),
                        () -> assertThat(OUTPUT.getOrDefault(module.name(), List.of()))
                                .anyMatch(line -> line.contains("Failed to execute goal"))
                                .anyMatch(line -> line.contains(module.message()))));
    }

    @Test
    void aModuleThatBreaksNothingPasses() {
        assertThat(OUTPUT.get(NONE.name())).isNotNull().noneMatch(line -> line.contains("ERROR"));
    }

    private static Path maven() throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("./mvnw", "-o", "-B", "-fae", "test-compile"));
        var repository = System.getProperty("localRepository");
        if (repository != null) {
            command.add("-Dmaven.repo.local=" + repository);
        }
        var log = Path.of("target/build-gates.log");
        var builder = new ProcessBuilder(command)
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("MAVEN_") && !name.equals("MAVEN_USER_HOME"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        var maven = builder.start();
        if (!maven.waitFor(5, TimeUnit.MINUTES)) {
            maven.descendants().forEach(ProcessHandle::destroyForcibly);
            maven.destroyForcibly();
        }
        return log;
    }

    /** Files each line under the module that it is about. */
    private static void sort(Path log) throws IOException {
        var current = "";
        for (var line : Files.readAllLines(log)) {
            var module = MODULE.matcher(line);
            current = module.find() ? module.group(1) : current;
            OUTPUT.computeIfAbsent(current, name -> new ArrayList<>()).add(line);
        }
    }
}
