package dev.coracle.engines.guests;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Programs that Debian's own are not: other C libraries, static ones, Go and Rust. What this machine cannot make is left out. */
final class GuestPrograms {
    private static final Path MUSL_LOADER = Path.of("/lib/ld-musl-x86_64.so.1");

    private static final List<String> ROWS = List.of(
            "rows.h",
            "wrap.h",
            "main.c",
            "note.c",
            "forms.c",
            "fixture.c",
            "wrap.c",
            "calls.c",
            "all.def",
            "reading.def",
            "opening.def",
            "changing.def",
            "moving.def",
            "attributes.def",
            "watching.def",
            "legacy.def");

    /** One file each, and the threads that it needs. */
    private static final List<String> OF_ONE_FILE = List.of(
            "registers",
            "clones",
            "around",
            "spaces",
            "masks",
            "faults",
            "interrupts",
            "sent",
            "tracing",
            "here",
            "near");

    /** What several of them include. */
    private static final List<String> HEADERS = List.of("words.h", "signals.h", "steps.h");

    private GuestPrograms() {}

    /** Puts them into the tree, under {@link GuestTrees#PROGRAMS}. */
    static void install(Path tree, TestCache cache) throws IOException {
        Path programs = Files.createDirectories(tree.resolve(GuestTrees.PROGRAMS.substring(1)));
        // Debian's is static; the machine itself need not have one.
        copy(tree.resolve("usr/bin/busybox"), programs.resolve("busybox"));
        copy(cache.npm("@esbuild/linux-x64/bin/esbuild"), programs.resolve("esbuild"));
        copy(cache.npm("@biomejs/cli-linux-x64-musl/biome"), programs.resolve("biome"));
        copy(MUSL_LOADER, tree.resolve("lib").resolve(MUSL_LOADER.getFileName()));
        for (String header : HEADERS) {
            source(header, programs);
        }
        Path source = source("guest.c", programs);
        compile("musl-gcc", source, programs.resolve("musl-dynamic"), List.of());
        compile("musl-gcc", source, programs.resolve("musl-static"), List.of("-static"));
        compile("gcc", source, programs.resolve("glibc-dynamic"), List.of("-pthread"));
        compile("gcc", source, programs.resolve("glibc-static"), List.of("-static", "-pthread"));
        compile("gcc", source, programs.resolve("glibc-static-pie"), List.of("-static-pie", "-pthread"));
        Path hazards = source("hazards.c", programs);
        compile("gcc", hazards, programs.resolve("hazards"), List.of("-pthread"));
        compile("musl-gcc", hazards, programs.resolve("hazards-musl"), List.of("-static"));
        compile("gcc", source("raw.c", programs), programs.resolve("raw"), List.of("-pthread"));
        compile("gcc", source("code.c", programs), programs.resolve("code"), List.of("-pthread"));
        compile("gcc", source("race.c", programs), programs.resolve("race"), List.of("-pthread", "-Wno-unused-result"));
        compile("gcc", source("wander.c", programs), programs.resolve("wander"), List.of());
        compile("gcc", source("filters.c", programs), programs.resolve("filters"), List.of());
        for (String name : OF_ONE_FILE) {
            Path file = source(name + ".c", programs);
            compile("gcc", file, programs.resolve(name), List.of("-pthread", "-Wno-unused-result"));
        }
        for (String name : List.of("faults", "interrupts", "sent")) {
            Path file = programs.resolve(name + ".c");
            compile("musl-gcc", file, programs.resolve(name + "-musl"), List.of("-static", "-Wno-unused-result"));
        }
        Path library = source("textrel.S", programs);
        compile("gcc", library, programs.resolve("textrel.so"), List.of("-shared", "-nostdlib", "-Wl,-z,notext"));
        installRows(programs);
    }

    /** One program of many files: guests/rows. */
    private static void installRows(Path programs) throws IOException {
        Path rows = Files.createDirectories(programs.resolve("rows.d"));
        for (String name : ROWS) {
            copyResource("rows/" + name, rows.resolve(name));
        }
        Path all = rows.resolve("*.c");
        compile("gcc", all, programs.resolve("rows"), List.of());
        compile("musl-gcc", all, programs.resolve("rows-musl"), List.of("-static"));
    }

    private static Path source(String name, Path programs) throws IOException {
        Path source = programs.resolve(name);
        copyResource(name, source);
        return source;
    }

    private static void copyResource(String name, Path target) throws IOException {
        try (InputStream text = GuestPrograms.class.getResourceAsStream(name)) {
            Files.copy(Objects.requireNonNull(text, name), target);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        if (Files.isExecutable(from)) {
            Files.copy(from.toRealPath(), to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void compile(String compiler, Path source, Path program, List<String> flags) {
        Optional<Path> found = HostTools.find(compiler);
        if (found.isPresent()) {
            String joined = String.join(" ", flags);
            HostTools.require(
                    "sh", "-c", "%s -O2 -Wall -Werror %s -o %s %s".formatted(compiler, joined, program, source));
        }
    }
}
