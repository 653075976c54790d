package dev.coracle.runtime;

import dev.coracle.engines.Engine;
import java.util.List;

/** The engines that a job may use, the most suitable first. */
record UsableEngines(List<Engine> inOrder) {
    UsableEngines {
        inOrder = List.copyOf(inOrder);
    }
}
