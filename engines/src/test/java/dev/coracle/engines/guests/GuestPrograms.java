package dev.coracle.engines.guests;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

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

    /** Those that are of no machine's own, and so are built for 32 bits as well. */
    private static final List<String> COMPAT =
            List.of("guest", "hazards", "race", "wander", "around", "faults", "interrupts", "sent", "here", "near");

    /** With the headers of gcc-multilib, which cannot be there together with the cross compiler. */
    private static final List<String> COMPAT_FLAGS = List.of(
            "-m32",
            "-idirafter",
            "/usr/include/$(uname -m)-linux-gnu",
            "-Wno-unused-result",
            // Numbers that no 32-bit word holds are wrong ones there too.
            "-Wno-shift-count-overflow",
            "-Wno-overflow");

    private static final Path COMPAT_LIBRARY = Path.of("/usr/lib32/libc.a");
    private static final Path COMPAT_LOADER = Path.of("/lib/ld-linux.so.2");
    private static final Path COMPAT_LIBC = Path.of("/lib32/libc.so.6");

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
        if (Files.exists(COMPAT_LIBRARY)) {
            installCompat(tree, programs);
        }
    }

    /** Programs of 32 bits: each is called as its 64-bit one, with a suffix. */
    private static void installCompat(Path tree, Path programs) throws IOException {
        for (String name : COMPAT) {
            compileCompat(programs.resolve(name + ".c"), programs, name, List.of("-static", "-pthread"));
        }
        compileCompat(programs.resolve("rows.d").resolve("*.c"), programs, "rows", List.of("-static"));
        compileCompat(programs.resolve("guest.c"), programs, "glibc-dynamic", List.of("-pthread"));
        copy(COMPAT_LOADER, tree.resolve("lib").resolve(COMPAT_LOADER.getFileName()));
        Path libraries = Files.createDirectories(tree.resolve("usr/lib32"));
        if (Files.notExists(tree.resolve("lib32"))) {
            Files.createSymbolicLink(tree.resolve("lib32"), Path.of("usr/lib32"));
        }
        copy(COMPAT_LIBC, libraries.resolve(COMPAT_LIBC.getFileName()));
    }

    private static void compileCompat(Path source, Path programs, String name, List<String> more) {
        List<String> flags = Stream.concat(COMPAT_FLAGS.stream(), more.stream()).toList();
        compile("gcc", source, programs.resolve(name + GuestTrees.COMPAT), flags);
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
