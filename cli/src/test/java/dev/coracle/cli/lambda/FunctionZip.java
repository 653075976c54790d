package dev.coracle.cli.lambda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/** Packs test classes into a function zip, and any files into a zip. */
final class FunctionZip implements AutoCloseable {
    private final ZipArchiveOutputStream zip;

    FunctionZip(Path file) throws IOException {
        zip = new ZipArchiveOutputStream(file);
    }

    /** A function zip with all classes of the package {@code functions}. */
    static Path ofTestFunctions(Path folder) throws IOException {
        Path file = folder.resolve("function.zip");
        Path classes = Path.of(URI.create(FunctionZip.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
        try (FunctionZip zip = new FunctionZip(file);
                Stream<Path> found = Files.walk(classes.resolve("dev/coracle/cli/lambda/functions"))) {
            for (Path path : found.filter(Files::isRegularFile).sorted().toList()) {
                zip.add(classes.relativize(path).toString(), Files.readAllBytes(path), 0100644);
            }
        }
        return file;
    }

    /** Adds a file, or a link when the mode says so; mode 0 leaves the mode out. */
    FunctionZip add(String name, byte[] content, int mode) throws IOException {
        ZipArchiveEntry entry = new ZipArchiveEntry(name);
        if (mode != 0) {
            entry.setUnixMode(mode);
        }
        zip.putArchiveEntry(entry);
        zip.write(content);
        zip.closeArchiveEntry();
        return this;
    }

    /** Puts programs into a layer zip, executable, at {@code bin/}. */
    static Path layerOf(Path file, List<Path> programs) throws IOException {
        try (FunctionZip zip = new FunctionZip(file)) {
            for (Path program : programs) {
                zip.add("bin/" + program.getFileName(), Files.readAllBytes(program), 0100755);
            }
        }
        return file;
    }

    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
