package dev.coracle.architecture;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small classes that break each rule once, and some that only look as if they did. */
class HouseRulesBiteTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "events, engines", "events, layers", "events, runtime", "engines, events", "engines, layers",
                "engines, runtime",
        "layers, events", "layers, runtime", "runtime, handler", "runtime, cli", "handler, layers", "handler, cli",
        "cli, handler", "cli, bench", "engines, bench", "bench, cli"
    })
    void importsAgainstTheTableAreRefused(String from, String to) {
        refuses(HouseRules.importsFollowTheTable(), importing(from, to), target(to));
    }

    @ParameterizedTest
    @CsvSource({"layers, engines", "runtime, events", "handler, runtime", "cli, layers", "bench, engines"})
    void importsOfTheTableAreAllowed(String from, String to) {
        allows(HouseRules.importsFollowTheTable(), importing(from, to), target(to));
    }

    @Test
    void cyclesOfPackagesAreRefused() {
        refuses(
                HouseRules.packagesAreAcyclic(),
                "package dev.coracle.layers.oci; public class Use { dev.coracle.layers.tree.Target target; }",
                "package dev.coracle.layers.tree; public class Target { dev.coracle.layers.oci.Use use; }");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java.nio.file.Files f;",
                "java.io.FileInputStream f;",
                "java.net.Socket f;",
                "java.net.http.HttpClient f;",
                "ProcessBuilder f;",
                "System.Logger f;"
            })
    void eventsThatTouchTheWorldAreRefused(String field) {
        refuses(HouseRules.eventsArePure(), "package dev.coracle.events; class Impure { " + field + " }");
        allows(HouseRules.eventsArePure(), "package dev.coracle.layers; class Worldly { " + field + " }");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "System.getenv();",
                "System.getenv(\"HOME\");",
                "System.exit(1);",
                "Runtime.getRuntime().halt(1);"
            })
    void theEnvironmentAndExitBelongToTheDoors(String statement) {
        var rule = HouseRules.onlyDoorsReadTheEnvironmentOrExit();
        refuses(rule, "package dev.coracle.runtime; class Inner { void act() { " + statement + " } }");
        allows(rule, "package dev.coracle.cli; class Door { void act() { " + statement + " } }");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PathUtils", "TreeHelper", "LayerManager", "EngineImpl", "Misc"})
    void namesThatSayNothingAreRefused(String name) {
        refuses(HouseRules.namesSayWhatTheyHold(), "package dev.coracle.layers; class " + name + " {}");
    }

    @Test
    void packagesThatSayNothingAreRefused() {
        refuses(HouseRules.namesSayWhatTheyHold(), "package dev.coracle.layers.util; class Digest {}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"new java.io.File(\"x\").length();", "new java.util.Date().getTime();"})
    void oldFilesAndDatesAreRefused(String statement) {
        refuses(
                HouseRules.filesArePathsAndDatesAreInstants(),
                "package dev.coracle.layers; class Old { long act() { return " + statement + " } }");
    }

    @Test
    void handingThePathOfAFileToAnOldInterfaceIsAllowed() {
        allows(
                HouseRules.filesArePathsAndDatesAreInstants(),
                "package dev.coracle.engines; class Start { ProcessBuilder in(java.nio.file.Path p) {"
                        + " return new ProcessBuilder().directory(p.toFile()); } }");
    }

    private static String importing(String from, String to) {
        return "package dev.coracle." + from + "; class Use { dev.coracle." + to + ".Target target; }";
    }

    private static String target(String room) {
        return "package dev.coracle." + room + "; public class Target {}";
    }

    private void refuses(ArchRule rule, String... texts) {
        var classes = Sources.compiled(directory.resolve("refused"), texts);
        assertThatThrownBy(() -> rule.check(classes))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(rule.getDescription());
    }

    private void allows(ArchRule rule, String... texts) {
        var classes = Sources.compiled(directory.resolve("allowed"), texts);
        assertThatCode(() -> rule.check(classes)).doesNotThrowAnyException();
    }
}
