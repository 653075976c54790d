package dev.coracle.layers.host;

import dev.coracle.engines.elf.ElfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds shared libraries where the loader would: DT_RPATH, DT_RUNPATH, configured directories, default directories.
 * Variants for newer processors (glibc-hwcaps) are left aside on purpose: the tree may run on an older one.
 */
final class SharedLibraries {
    private static final Path GLIBC = Path.of("/etc/ld.so.conf");

    private final int machine;
    private final String triplet;
    private final List<Path> configured;

    /** An object the loader has mapped: where it was found, its headers, and the DT_RPATH of those who wanted it. */
    record Loaded(Path path, ElfFile elf, boolean musl, List<Path> inherited) {
        /** What its own libraries inherit. */
        List<Path> handedOn(List<Path> own) {
            return Stream.concat(own.stream(), inherited.stream()).toList();
        }
    }

    /** A library and whether the loader finds it only because of its configuration. */
    record Located(Path path, boolean byConfiguration) {}

    SharedLibraries(int machine, String architecture) throws IOException {
        this.machine = machine;
        this.triplet = architecture + "-linux-gnu";
        this.configured = LoaderConfiguration.directories(GLIBC);
    }

    /** Finds a needed library for an object that was loaded. */
    Optional<Located> find(String name, Loaded by) throws IOException {
        if (name.contains("/")) {
            return fits(Path.of(name)) ? Optional.of(new Located(Path.of(name), false)) : Optional.empty();
        }
        List<Path> before = new ArrayList<>();
        if (by.elf().runpath().isEmpty()) {
            before.addAll(by.handedOn(ownRpath(by)));
        }
        before.addAll(expanded(by.elf().runpath(), by.path()));
        before.addAll(standard(by.musl()));
        for (Path directory : before) {
            if (fits(directory.resolve(name))) {
                return Optional.of(new Located(directory.resolve(name), false));
            }
        }
        return by.musl() ? Optional.empty() : inConfiguration(name);
    }

    private Optional<Located> inConfiguration(String name) throws IOException {
        for (Path directory : configured) {
            if (fits(directory.resolve(name))) {
                return Optional.of(new Located(directory.resolve(name), true));
            }
        }
        return Optional.empty();
    }

    /** The directories of an object's DT_RPATH, which count only without DT_RUNPATH. */
    List<Path> ownRpath(Loaded object) {
        return object.elf().runpath().isEmpty() ? expanded(object.elf().rpath(), object.path()) : List.of();
    }

    private List<Path> expanded(List<String> directories, Path object) {
        String origin = String.valueOf(object.getParent());
        return directories.stream()
                .map(each -> each.replace("${", "$").replace("}", ""))
                .map(each -> each.replace("$ORIGIN", origin).replace("$PLATFORM", triplet.replaceFirst("-.*", "")))
                .flatMap(each -> each.contains("$LIB")
                        ? Stream.of("lib/" + triplet, "lib64", "lib").map(lib -> each.replace("$LIB", lib))
                        : Stream.of(each))
                .filter(each -> each.startsWith("/"))
                .map(each -> Path.of(each).normalize())
                .toList();
    }

    private List<Path> standard(boolean musl) throws IOException {
        if (musl) {
            return muslDirectories();
        }
        return Stream.of("/lib/" + triplet, "/usr/lib/" + triplet, "/lib64", "/usr/lib64", "/lib", "/usr/lib")
                .map(Path::of)
                .toList();
    }

    private List<Path> muslDirectories() throws IOException {
        Path file = Path.of("/etc/ld-musl-" + triplet.replaceFirst("-.*", "") + ".path");
        String path =
                Files.isReadable(file) ? Files.readString(file).replace('\n', ':') : "/lib:/usr/local/lib:/usr/lib";
        return Stream.of(path.split(":", -1))
                .filter(each -> each.startsWith("/"))
                .map(Path::of)
                .toList();
    }

    /** The loader passes over files of another processor, and so does this. */
    private boolean fits(Path file) throws IOException {
        return Files.isRegularFile(file)
                && ElfFile.read(file).filter(elf -> elf.machine() == machine).isPresent();
    }
}
