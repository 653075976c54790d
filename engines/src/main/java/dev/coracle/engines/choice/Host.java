package dev.coracle.engines.choice;

import dev.coracle.engines.container.OciRuntime;
import dev.coracle.engines.host.Capabilities;
import dev.coracle.engines.host.Capability;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What there is here to run guests with.
 *
 * @param machine in the kernel's words, such as {@code x86_64}
 * @param root whether we are root here
 * @param runtime the first runtime of containers that is installed
 * @param apptainer Apptainer or Singularity, if one is installed
 */
public record Host(
        String machine,
        boolean root,
        Capabilities capabilities,
        Optional<OciRuntime> runtime,
        Optional<Path> apptainer) {

    /** Apptainer, else Singularity, in one of the directories. */
    public static Optional<Path> apptainerIn(List<Path> searchPath) {
        return Stream.of("apptainer", "singularity")
                .flatMap(name -> searchPath.stream().map(directory -> directory.resolve(name)))
                .filter(program -> Files.isRegularFile(program) && Files.isExecutable(program))
                .findFirst();
    }

    boolean has(Capability capability) {
        return capabilities.has(capability);
    }

    /** Whether anything but F could be chosen, so that it is worth while to look into the tree. */
    public boolean offersChoice() {
        boolean tracer = has(Capability.PTRACE) && has(Capability.COMPAT_CALLS);
        return (runtime.isPresent() && has(Capability.CONTAINER)) || apptainer.isPresent() || tracer;
    }
}
