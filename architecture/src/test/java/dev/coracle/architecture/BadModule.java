package dev.coracle.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A Maven module that breaks one gate once: its name, words of the gate's message, the type it holds, that type's source. */
record BadModule(String name, String message, String type, String source) {
    private static final String PACKAGE_INFO = """
            @NullMarked
            package fixture;

            import org.jspecify.annotations.NullMarked;
            """;

    static List<BadModule> all() {
        return List.of(
                new BadModule("formatter", "format violations", "Odd", "final class Odd {\n  int   one=1;\n}\n"),
                new BadModule("imports", "AvoidStarImport", "Star", "import java.util.*;\n\nfinal class Star {}\n"),
                new BadModule("file-length", "FileLength", "Tall", "final class Tall {}\n" + "// more\n".repeat(400)),
                new BadModule("method-length", "MethodLength", "Steps", method("i++;\n".repeat(51))),
                new BadModule(
                        "parameters",
                        "ParameterNumber",
                        "Many",
                        member("void act(int a, int b, int c, int d, int e, int f, int g) {}")),
                new BadModule(
                        "nesting", "NestedIfDepth", "Nest", method("if (i < 1) {".repeat(4) + "i++;" + "}".repeat(4))),
                new BadModule("names", "RegexpOnFilename", "TreeUtils", "final class TreeUtils {}\n"),
                new BadModule("javadoc", "MissingJavadocType", "Silent", "public final class Silent {}\n"),
                new BadModule(
                        "catching", "IllegalCatch", "Caught", method("try { i++; } catch (Exception e) { i--; }")),
                new BadModule("nulls", "[NullAway]", "Absent", member("String text() { return null; }")),
                new BadModule("unmarked", "[RequireExplicitNullMarking]", "Bare", "final class Bare {}\n"),
                new BadModule(
                        "error-prone",
                        "[ArrayEquals]",
                        "Same",
                        member("boolean same(int[] a, int[] b) { return a.equals(b); }")),
                new BadModule(
                        "warnings",
                        "warnings found and -Werror specified",
                        "Raw",
                        member("final java.util.List items = java.util.List.of();")),
                new BadModule("duplicates", "BanDuplicatePomDependencyVersions", "Fine", "final class Fine {}\n"));
    }

    /** Writes the module below {@code project}, whose parent pom is beside it. */
    void write(Path project) throws IOException {
        var folder = Files.createDirectories(project.resolve(name + "/src/main/java/fixture"));
        Files.writeString(project.resolve(name + "/pom.xml"), pom());
        Files.writeString(folder.resolve(type + ".java"), "package fixture;\n\n" + source.replace("$TYPE", type));
        if (!name.equals("unmarked")) {
            Files.writeString(folder.resolve("package-info.java"), PACKAGE_INFO);
        }
    }

    /** Only the formatter's own module is checked by the formatter, so that every other reaches its gate. */
    private String pom() {
        var twice =
                "<dependency><groupId>org.jspecify</groupId><artifactId>jspecify</artifactId><version>${jspecify.version}</version></dependency>"
                        .repeat(2);
        return """
                <project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
                <parent><groupId>dev.coracle</groupId><artifactId>coracle</artifactId><version>0.1.0-SNAPSHOT</version></parent>
                <artifactId>%s</artifactId><properties><spotless.check.skip>%s</spotless.check.skip></properties>
                <dependencies>%s</dependencies></project>
                """.formatted(name, !name.equals("formatter"), name.equals("duplicates") ? twice : "");
    }

    private static String member(String text) {
        return "final class $TYPE {\n" + text + "\n}\n";
    }

    private static String method(String statements) {
        return member("int act(int i) {\n" + statements + "\nreturn i;\n}");
    }
}
