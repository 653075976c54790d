package dev.coracle.engines;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.coracle.engines.container.OciRuntime;
import dev.coracle.engines.container.OciRuntime.Kind;
import dev.coracle.engines.guests.HostTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Tag;

/** Supervision with Debian's crun, on a host with the control groups that it wants: those of today, and no others beside. */
@Tag("slow")
class CrunRunTest extends OciRunContract {
    @Override
    OciRuntime runtime() {
        Optional<Path> program = HostTools.find("crun");
        assumeTrue(program.isPresent(), "crun is not installed: run scripts/test-needs");
        try {
            Path wrapper = Files.writeString(tools.resolve("crun"), """
                    #!/bin/sh
                    [ "$CORACLE_UNIFIED" ] || CORACLE_UNIFIED=1 exec unshare --mount "$0" "$@"
                    mount -t cgroup2 cgroup2 /sys/fs/cgroup && unset CORACLE_UNIFIED && exec %s "$@"
                    """.formatted(program.orElseThrow()));
            Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
            return OciRuntime.of(Kind.CRUN, wrapper);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
