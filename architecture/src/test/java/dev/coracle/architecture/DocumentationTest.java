package dev.coracle.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Holds the documentation to what its code blocks say; docs/testing.md explains the kinds of blocks. */
class DocumentationTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]*");
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#]+)");

    @TempDir
    private Path scratch;

    @TestFactory
    Stream<DynamicNode> everyCodeBlockIsTrue() throws IOException {
        return pages().stream().map(page -> DynamicContainer.dynamicContainer(nameOf(page), blocks(page)));
    }

    @TestFactory
    Stream<DynamicTest> everyLinkLeadsToAFile() throws IOException {
        return pages().stream()
                .map(page -> DynamicTest.dynamicTest(
                        nameOf(page),
                        () -> assertThat(LINK.matcher(read(page)).results().map(link -> link.group(1)))
                                .allMatch(link -> Files.exists(page.resolveSibling(link)))));
    }

    @Test
    void theTableOfImportsIsTheOneThatIsEnforced() throws IOException {
        var rooms = List.of(Room.values());
        var table = rooms.stream()
                .map(from -> "| **" + from.module() + "** |"
                        + rooms.stream().map(to -> cell(from, to)).collect(Collectors.joining()))
                .collect(Collectors.joining("\n"));
        assertThat(read(Checkout.HOME.resolve("docs/architecture.md"))).contains(table);
    }

    private static String cell(Room from, Room to) {
        if (from == to) {
            return " |";
        }
        return from.mayImport(to) ? " yes |" : " – |";
    }

    private Stream<DynamicTest> blocks(Path page) {
        var directory = scratch.resolve(nameOf(page).replace('/', '-'));
        return CodeBlock.of(read(page)).stream()
                .map(block -> DynamicTest.dynamicTest(
                        "line " + block.line() + " " + block.kind(), () -> check(block, directory)));
    }

    private static void check(CodeBlock block, Path directory) throws IOException, InterruptedException {
        switch (block.kind()) {
            case "text" -> {}
            case "json" ->
                assertThat(new ObjectMapper().readTree(block.text()).isMissingNode())
                        .isFalse();
            case "yaml" -> assertThat(CloudFormationYaml.parse(block.text())).isNotNull();
            case "sh" -> succeeds(shell(directory).script(block.text()));
            case "sh deploy" -> {
                succeeds(shell(directory).parse(block.text()));
                optionsExist(block.text(), directory);
            }
            case "sh checkout" -> {
                succeeds(shell(directory).parse(block.text()));
                assertThat(block.text().lines().map(line -> line.split(" ", 2)[0]))
                        .allMatch(program -> Files.isExecutable(Checkout.HOME.resolve(program)));
            }
            default -> throw new AssertionError("a block of no known kind: " + block);
        }
    }

    private static Shell shell(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            Files.createDirectories(directory);
            var launcher = directory.resolve("coracle");
            Files.writeString(launcher, "#!/bin/sh\nexec '" + Checkout.HOME.resolve("coracle") + "' \"$@\"\n");
            Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return new Shell(directory, PATIENCE);
    }

    private static void succeeds(Shell.Ended ended) {
        assertThat(ended.exitCode()).as(ended.output()).isZero();
    }

    /** Asks each subcommand for its help and looks for the options that the block gives it. */
    private static void optionsExist(String text, Path directory) throws IOException, InterruptedException {
        for (var command : text.replace("\\\n", " ")
                .lines()
                .filter(line -> line.startsWith("./coracle "))
                .toList()) {
            var words = command.split(" --", 2)[0];
            var help = shell(directory).script(words + " --help");
            succeeds(help);
            assertThat(OPTION.matcher(command).results().map(option -> option.group()))
                    .allMatch(option -> help.output().toLowerCase(Locale.ROOT).contains(option));
        }
    }

    private static List<Path> pages() throws IOException {
        try (var docs = Files.walk(Checkout.HOME.resolve("docs"))) {
            return Stream.concat(Stream.of(Checkout.HOME.resolve("README.md")), docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    private static String nameOf(Path page) {
        return Checkout.HOME.relativize(page).toString();
    }

    private static String read(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
