package dev.coracle.layers.host;

import dev.coracle.engines.elf.ElfFile;
import dev.coracle.layers.Architecture;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.host.SharedLibraries.Loaded;
import dev.coracle.layers.host.SharedLibraries.Located;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Follows what programs need until nothing is missing: interpreters, libraries of libraries, data. */
final class Requirements {
    private static final Path LOADER_CACHE = Path.of("/etc/ld.so.cache");

    private final HostCopier copier;
    private final ProgramPath path;
    private final Architecture architecture;
    private final int machine;
    private final SharedLibraries libraries;
    private final Set<Path> done = new HashSet<>();

    Requirements(HostCopier copier, ProgramPath path, Architecture architecture) throws IOException {
        this.copier = copier;
        this.path = path;
        this.architecture = architecture;
        this.machine = switch (architecture) {
            case X86_64 -> ElfFile.X86_64;
            case AARCH64 -> ElfFile.AARCH64;
        };
        this.libraries = new SharedLibraries(machine, architecture.toString());
    }

    /** Copies a program, or a whole directory named by its absolute path, with all it needs. */
    void program(String program) throws IOException {
        everything(path.find(program));
    }

    private void everything(Path start) throws IOException {
        if (!Files.isDirectory(start)) {
            file(start);
            return;
        }
        Path real = copier.add(start);
        List<Path> inside;
        try (Stream<Path> walk = Files.walk(real)) {
            inside = walk.sorted().toList();
        }
        for (Path each : inside) {
            if (Files.isDirectory(each)) {
                copier.add(each);
            } else if (Files.isRegularFile(each)) {
                // Many scripts in such directories are never run, and name interpreters that are nowhere.
                elf(copier.add(each));
            }
        }
    }

    private void file(Path file) throws IOException {
        Path real = copier.add(file);
        if (!done.add(real)) {
            return;
        }
        if (!elf(real) && Files.isExecutable(real)) {
            for (String interpreter : Script.programs(real)) {
                program(interpreter);
            }
        }
        data(real);
    }

    /** Brings what an ELF file needs and returns whether it is one. */
    private boolean elf(Path real) throws IOException {
        Optional<ElfFile> elf = ElfFile.read(real);
        if (elf.isPresent()) {
            program(real, elf.get());
        }
        return elf.isPresent();
    }

    private void program(Path real, ElfFile elf) throws IOException {
        if (elf.machine() != machine) {
            throw new LayerException(
                    Kind.UNSUPPORTED,
                    "copy " + real,
                    "it is not a program for " + architecture,
                    "choose the --arch of this machine");
        }
        boolean musl =
                elf.interpreter().filter(each -> each.contains("ld-musl")).isPresent();
        if (elf.interpreter().isPresent()) {
            file(Path.of(elf.interpreter().get()));
        }
        libraries(new Loaded(real, elf, musl, List.of()));
    }

    private void libraries(Loaded object) throws IOException {
        for (String name : object.elf().needed()) {
            // musl's loader is the C library itself, under whatever name it is wanted.
            if (object.musl() && name.startsWith("libc.")) {
                continue;
            }
            library(libraries.find(name, object).orElseThrow(() -> missing(name, object)), object);
        }
    }

    private void library(Located found, Loaded by) throws IOException {
        Path real = copier.add(found.path());
        if (found.byConfiguration() && Files.exists(LOADER_CACHE)) {
            copier.add(LOADER_CACHE);
        }
        if (!done.add(real)) {
            return;
        }
        Optional<ElfFile> elf = ElfFile.read(real);
        if (elf.isPresent()) {
            libraries(new Loaded(found.path(), elf.get(), by.musl(), by.handedOn(libraries.ownRpath(by))));
        }
        data(found.path());
        data(real);
    }

    private void data(Path of) throws IOException {
        for (String needed : HostData.neededBy(String.valueOf(of.getFileName()), architecture.toString())) {
            if (Files.exists(Path.of(needed))) {
                everything(Path.of(needed));
            }
        }
    }

    private static LayerException missing(String name, Loaded object) {
        return new LayerException(
                Kind.NOT_FOUND,
                "copy " + object.path(),
                "it needs the library " + name + ", which is nowhere the loader looks",
                "install the library");
    }
}
