package dev.coracle.architecture;

import static com.tngtech.archunit.core.importer.ImportOption.Predefined.DO_NOT_INCLUDE_TESTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class HouseRulesTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.coracle");

    @TestFactory
    Stream<DynamicTest> theHouseObeys() {
        return HouseRules.all().stream().map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> check(rule)));
    }

    @Test
    void theRulesSeeEveryRoom() {
        for (var room : Room.values()) {
            assertThat(CLASSES).anyMatch(type -> type.getPackageName().startsWith("dev.coracle." + room.module()));
        }
    }

    private static void check(ArchRule rule) {
        rule.check(CLASSES);
    }
}
