package dev.coracle.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The rules about classes that the compiler and the formatter cannot see. Each is shown to bite by {@link HouseRulesBiteTest}. */
final class HouseRules {
    private static final String[] NOT_DOORS = Stream.of(Room.values())
            .filter(room -> room != Room.HANDLER && room != Room.CLI)
            .map(Room::packages)
            .toArray(String[]::new);
    private static final List<String> INPUT_OUTPUT = List.of(
            "java.io.File",
            "java.net.Socket",
            "java.net.URLConnection",
            "java.net.HttpURLConnection",
            "java.nio.file.Files");
    private static final List<String> EMPTY_SUFFIXES =
            List.of("Util", "Utils", "Helper", "Helpers", "Manager", "Misc", "Common", "Impl");

    private HouseRules() {}

    static List<ArchRule> all() {
        return List.of(
                importsFollowTheTable(),
                packagesAreAcyclic(),
                eventsArePure(),
                onlyDoorsReadTheEnvironmentOrExit(),
                namesSayWhatTheyHold(),
                filesArePathsAndDatesAreInstants());
    }

    static ArchRule importsFollowTheTable() {
        var rules = new ArrayList<ArchRule>();
        for (var from : Room.values()) {
            for (var to : Room.values()) {
                if (!from.mayImport(to)) {
                    rules.add(noClasses()
                            .that()
                            .resideInAPackage(from.packages())
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage(to.packages())
                            .allowEmptyShould(true));
                }
            }
        }
        return CompositeArchRule.of(rules).as("imports follow the table of docs/architecture.md");
    }

    static ArchRule packagesAreAcyclic() {
        return slices().matching("dev.coracle.(**)").should().beFreeOfCycles().as("packages are free of cycles");
    }

    /** Events are values: no file, no socket, no process, no client, no log. */
    static ArchRule eventsArePure() {
        var worldly = resideInAnyPackage(
                        "software.amazon.awssdk..",
                        "okhttp3..",
                        "java.net.http..",
                        "java.nio.channels..",
                        "java.sql..",
                        "com.sun..")
                .or(named(INPUT_OUTPUT::contains))
                .or(named(name -> name.startsWith("java.io.File")))
                .or(named(name -> name.startsWith("java.lang.Process") || name.startsWith("java.lang.System$Logger")));
        return noClasses()
                .that()
                .resideInAPackage(Room.EVENTS.packages())
                .should()
                .dependOnClassesThat(worldly)
                .allowEmptyShould(true)
                .as("events are pure values");
    }

    static ArchRule onlyDoorsReadTheEnvironmentOrExit() {
        return noClasses()
                .that()
                .resideInAnyPackage(NOT_DOORS)
                .should()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .allowEmptyShould(true)
                .as("only handler and cli read the environment or exit");
    }

    static ArchRule namesSayWhatTheyHold() {
        var empty = named(name -> EMPTY_SUFFIXES.stream().anyMatch(name.replaceAll(".*[.$]", "")::endsWith));
        return noClasses()
                .should()
                .resideInAnyPackage(emptyPackages())
                .orShould(ArchCondition.from(empty))
                .as("names say what they hold");
    }

    static ArchRule filesArePathsAndDatesAreInstants() {
        var dated = named(name -> name.equals("java.io.File") || name.equals("java.util.Date"));
        return noClasses().should().dependOnClassesThat(dated).as("Path, not File; Instant, not Date");
    }

    private static String[] emptyPackages() {
        return Stream.of("util", "utils", "common", "impl", "misc", "helper", "helpers")
                .map(word -> ".." + word + "..")
                .toArray(String[]::new);
    }

    private static DescribedPredicate<JavaClass> named(Predicate<String> name) {
        return describe("so named", type -> name.test(type.getName()));
    }
}
