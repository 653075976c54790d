package dev.coracle.runtime;

import dev.coracle.engines.Engine;
import java.util.function.Supplier;

/** Notes the {@link Engine} that runs the command. */
final class ChooseEngine implements Step {
    private final Supplier<Engine> engines;

    ChooseEngine(Supplier<Engine> engines) {
        this.engines = engines;
    }

    @Override
    public String name() {
        return "engine";
    }

    @Override
    public void run(Job job) {
        job.note(Engine.class, engines.get());
    }
}
