package dev.coracle.architecture;

import static java.util.Objects.requireNonNull;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;

/** Java source text that is compiled into a directory without any gate, for showing that a rule bites. */
final class Sources {
    private Sources() {}

    /** Compiles each text, which holds one package-level type named after the word behind {@code class}. */
    static JavaClasses compiled(Path directory, String... texts) {
        var files = new ArrayList<String>(List.of("-proc:none", "-d", directory.toString()));
        for (var text : texts) {
            files.add(write(directory, text).toString());
        }
        var compiler = requireNonNull(ToolProvider.getSystemJavaCompiler(), "tests need a JDK");
        int result = compiler.run(null, null, null, files.toArray(String[]::new));
        if (result != 0) {
            throw new IllegalArgumentException("the fixture does not compile: " + List.of(texts));
        }
        return new ClassFileImporter().importPath(directory);
    }

    private static Path write(Path directory, String text) {
        var type = text.replaceFirst("(?s).*?\\bclass (\\w+).*", "$1");
        var file = directory.resolve(type + ".java");
        try {
            Files.createDirectories(directory);
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
