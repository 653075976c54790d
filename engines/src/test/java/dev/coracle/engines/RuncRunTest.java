package dev.coracle.engines;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.coracle.engines.container.OciRuntime;
import dev.coracle.engines.container.OciRuntime.Kind;
import dev.coracle.engines.guests.HostTools;
import java.nio.file.Path;
import java.util.Optional;

/** Supervision with Debian's runc. */
class RuncRunTest extends OciRunContract {
    @Override
    OciRuntime runtime() {
        Optional<Path> program = HostTools.find("runc");
        assumeTrue(program.isPresent(), "runc is not installed: run scripts/test-needs");
        return OciRuntime.of(Kind.RUNC, program.orElseThrow());
    }
}
