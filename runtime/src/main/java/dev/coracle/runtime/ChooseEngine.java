package dev.coracle.runtime;

import dev.coracle.engines.Engine;

/** Notes the {@link Engine} that runs the command in the job's tree. */
final class ChooseEngine implements Step {
    private final EngineSource engines;

    ChooseEngine(EngineSource engines) {
        this.engines = engines;
    }

    @Override
    public String name() {
        return "engine";
    }

    @Override
    public void run(Job job) {
        job.note(
                Engine.class,
                engines.engineFor(
                        job.need(PreparedTree.class).root(),
                        job.need(InstalledImage.class).index()));
    }
}
