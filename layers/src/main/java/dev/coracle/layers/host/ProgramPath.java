package dev.coracle.layers.host;

import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The directories in which programs are looked up. */
record ProgramPath(List<Path> directories) {
    /**
     * Finds what a shell would run for a word; an absolute path means itself.
     *
     * @throws LayerException when there is none
     */
    Path find(String program) {
        if (program.startsWith("/")) {
            return existing(Path.of(program));
        }
        return look(program).orElseThrow(() -> missing(program, "it is in no directory of PATH"));
    }

    /** The program of that name in the first directory that has one. */
    Optional<Path> look(String program) {
        return directories.stream()
                .map(directory -> directory.resolve(program).toAbsolutePath())
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    private static Path existing(Path file) {
        if (!Files.exists(file)) {
            throw missing(file.toString(), "there is no such file");
        }
        return file;
    }

    private static LayerException missing(String program, String why) {
        return new LayerException(
                Kind.NOT_FOUND, "find the program " + program, why, "install it, or name it with its whole path");
    }
}
