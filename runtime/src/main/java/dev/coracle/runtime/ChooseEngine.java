package dev.coracle.runtime;

/** Notes the {@link UsableEngines} for the job's tree. */
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
                UsableEngines.class,
                new UsableEngines(engines.enginesFor(
                        job.need(PreparedTree.class).root(),
                        job.need(InstalledImage.class).index())));
    }
}
