import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/**
 * Reads the Surefire reports of every module below the working directory and prints what ran, what failed and what was
 * skipped with its reason; the last line is "N passed, N failed, N skipped". Arguments are names of stages that
 * failed before; they are printed too. Exits with 1 when a test failed or none ran.
 */
class TestTotals {
    private int executed;
    private final List<String> failures = new ArrayList<>();
    private final TreeMap<String, List<String>> skippedByReason = new TreeMap<>();

    public static void main(String[] stages) throws Exception {
        var totals = new TestTotals();
        try (var modules = Files.list(Path.of("."))) {
            for (var module : modules.sorted().toList()) {
                totals.readModule(module.resolve("target/surefire-reports"));
            }
        }
        System.exit(totals.print(List.of(stages)) ? 0 : 1);
    }

    private void readModule(Path reports) throws Exception {
        if (!Files.isDirectory(reports)) {
            return;
        }
        try (var files = Files.newDirectoryStream(reports, "TEST-*.xml")) {
            for (var file : files) {
                readSuite(file);
            }
        }
    }

    private void readSuite(Path report) throws Exception {
        var factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        var cases = factory.newDocumentBuilder().parse(report.toFile()).getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            readCase((Element) cases.item(i));
        }
    }

    private void readCase(Element test) throws IOException {
        var name = test.getAttribute("classname").replaceFirst("^dev\\.coracle\\.", "") + "." + test.getAttribute("name");
        var skipped = test.getElementsByTagName("skipped");
        if (skipped.getLength() > 0) {
            var reason = reason((Element) skipped.item(0));
            skippedByReason.computeIfAbsent(reason, r -> new ArrayList<>()).add(name);
            return;
        }
        executed++;
        if (test.getElementsByTagName("failure").getLength() + test.getElementsByTagName("error").getLength() > 0) {
            failures.add(name);
        }
    }

    /** The first line of what the test said; JUnit puts the name of its exception before it. */
    private static String reason(Element skipped) {
        var said = skipped.getAttribute("message").isBlank() ? skipped.getTextContent() : skipped.getAttribute("message");
        return said.replaceFirst("^[\\w.]+(Exception|Error):\\s*", "")
                .replaceFirst("^Assumption failed: ", "")
                .lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElse("no reason given");
    }

    private boolean print(List<String> stages) {
        skippedByReason.forEach((reason, names) -> {
            System.out.println("skipped: " + reason);
            names.forEach(name -> System.out.println("    " + name));
        });
        failures.forEach(name -> System.out.println("FAILED: " + name));
        stages.forEach(stage -> System.out.println("FAILED STAGE: " + stage));
        int skipped = skippedByReason.values().stream().mapToInt(List::size).sum();
        System.out.printf(
                "Tests run: %d, Failures: %d, Errors: 0, Skipped: %d%n", executed + skipped, failures.size(), skipped);
        System.out.printf("%d passed, %d failed, %d skipped%n", executed - failures.size(), failures.size(), skipped);
        return failures.isEmpty() && executed > 0;
    }
}
