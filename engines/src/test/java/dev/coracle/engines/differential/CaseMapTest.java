package dev.coracle.engines.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page that tells which case watches what names no case and no test that there is none of. */
class CaseMapTest {
    private static final Path PAGE = Path.of(System.getProperty("coracle.home", ".."), "docs/engine-cases.md");
    private static final Path TESTS = Path.of("src/test/java");
    private static final int FAMILIES = 30;

    /** The last column of each row. */
    private static List<String> named() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| "))
                .map(line -> line.substring(line.lastIndexOf(" | ") + 3))
                .flatMap(cases ->
                        Pattern.compile("`([^`]+)`").matcher(cases).results().map(found -> found.group(1)))
                .toList();
    }

    private static Set<String> tests() throws IOException {
        try (Stream<Path> files = Files.walk(TESTS)) {
            return files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void everyNameBeginsACaseOrIsATest() throws IOException {
        List<String> cases = CaseFiles.all().map(GuestCase::name).toList();
        Set<String> tests = tests();
        assertThat(named())
                .hasSizeGreaterThan(100)
                .allMatch(name ->
                        tests.contains(name) || cases.stream().anyMatch(guestCase -> guestCase.startsWith(name)));
    }

    @Test
    void noFamilyIsWithoutACase() throws IOException {
        Pattern row = Pattern.compile("^\\| (\\d+) \\| .* \\| `", Pattern.MULTILINE);
        assertThat(row.matcher(Files.readString(PAGE)).results().map(MatchResult::group))
                .hasSize(FAMILIES);
        assertThat(row.matcher(Files.readString(PAGE)).results().map(found -> Integer.parseInt(found.group(1))))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, FAMILIES).boxed().toList());
    }
}
