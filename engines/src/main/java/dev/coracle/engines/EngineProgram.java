package dev.coracle.engines;

import dev.coracle.engines.EngineException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The native engine program on this host's disk, ready to be executed.
 *
 * @param path absolute, executable, for this processor
 * @param origin where it came from, for people
 */
public record EngineProgram(Path path, String origin) {
    private static final int ELF_MACHINE = 18;

    /**
     * Takes {@code installed} when it can be used here, else unpacks the program that this jar carries.
     *
     * @param installed a place where a program may be, such as {@code /opt/coracle/bin/coracle-engine}
     * @param directory where to unpack; created when missing
     * @param architecture of this host in the words of {@code os.arch}
     * @throws EngineException when neither gives a program that can be used
     */
    public static EngineProgram find(Path installed, Path directory, String architecture) {
        String arch = kernelName(architecture);
        return isUsable(installed, arch)
                ? new EngineProgram(installed.toAbsolutePath(), "installed")
                : unpack(carried(arch), directory);
    }

    /**
     * Unpacks the program that this jar carries.
     *
     * @param directory where to; created when missing
     * @param architecture in the words of {@code os.arch}
     * @throws EngineException when the jar carries none for it, or it cannot be written
     */
    public static EngineProgram carriedFor(String architecture, Path directory) {
        return unpack(carried(kernelName(architecture)), directory);
    }

    /** Unpacks to a name made of the digest: another version never overwrites a program that is running. */
    static EngineProgram unpack(byte[] program, Path directory) {
        Path target = directory
                .toAbsolutePath()
                .resolve("coracle-engine-" + digest(program).substring(0, 16));
        try {
            if (!Files.isExecutable(target) || !Arrays.equals(Files.readAllBytes(target), program)) {
                write(program, target);
            }
        } catch (IOException e) {
            throw new EngineException(
                    Kind.UNUSABLE,
                    "unpacking the engine to " + target,
                    e.toString(),
                    "give it a writable directory, or install the tools layer",
                    e);
        }
        return new EngineProgram(target, "unpacked");
    }

    private static void write(byte[] program, Path target) throws IOException {
        Files.createDirectories(target.resolveSibling(""));
        Path aside = Files.createTempFile(target.resolveSibling(""), ".coracle-engine-", ".part");
        try {
            Files.write(aside, program);
            Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    private static byte[] carried(String arch) {
        String resource = "/dev/coracle/engines/native/" + arch + "/coracle-engine";
        try (InputStream in = EngineProgram.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new EngineException(
                        Kind.MISSING,
                        "looking for the engine",
                        "none is installed and this jar carries none for " + arch,
                        "install the tools layer built for " + arch,
                        null);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new EngineException(Kind.IO, "reading the engine from the jar", e.toString(), "", e);
        }
    }

    /** Whether the file can be executed and, when it is an ELF file, is for this processor. */
    private static boolean isUsable(Path file, String arch) {
        if (!Files.isRegularFile(file) || !Files.isExecutable(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] header = in.readNBytes(ELF_MACHINE + 2);
            boolean elf = header.length == ELF_MACHINE + 2 && header[0] == 0x7f && header[1] == 'E';
            return !elf || header[ELF_MACHINE] == machine(arch);
        } catch (IOException e) {
            return false;
        }
    }

    private static byte machine(String arch) {
        return (byte) ("aarch64".equals(arch) ? 183 : 62);
    }

    private static String kernelName(String architecture) {
        return switch (architecture) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "aarch64";
            default ->
                throw new EngineException(
                        Kind.MISSING,
                        "looking for the engine",
                        "there is none for " + architecture,
                        "run on x86_64 or aarch64",
                        null);
        };
    }

    private static String digest(byte[] program) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(program));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
