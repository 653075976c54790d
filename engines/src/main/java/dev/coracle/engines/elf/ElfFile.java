package dev.coracle.engines.elf;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * A 64-bit little-endian ELF program or shared library.
 *
 * @param machine the processor, {@link #X86_64}, {@link #AARCH64} or another number of the ELF specification
 * @param interpreter the loader that the kernel starts (PT_INTERP); empty for static programs and libraries
 * @param needed names of the libraries it wants (DT_NEEDED), in order
 * @param rpath directories of DT_RPATH, unexpanded
 * @param runpath directories of DT_RUNPATH, unexpanded
 */
public record ElfFile(
        int machine, Optional<String> interpreter, List<String> needed, List<String> rpath, List<String> runpath) {
    /** Machine number of 64-bit x86. */
    public static final int X86_64 = 62;
    /** Machine number of 64-bit ARM. */
    public static final int AARCH64 = 183;

    /** Copies the lists. */
    public ElfFile {
        needed = List.copyOf(needed);
        rpath = List.copyOf(rpath);
        runpath = List.copyOf(runpath);
    }

    /**
     * Reads a file; empty when it is not a 64-bit little-endian ELF file at all.
     *
     * @throws IOException when it cannot be read, or claims to be ELF and is damaged
     */
    public static Optional<ElfFile> read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new ElfReader(channel, file.toString()).read();
        }
    }
}
