package dev.coracle.runtime;

import dev.coracle.engines.Launch;

/** Notes the {@link Launch}: command, environment, user and directories. */
final class PlanRun implements Step {
    @Override
    public String name() {
        return "prepare";
    }

    @Override
    public void run(Job job) {
        LaunchPlan plan = new LaunchPlan(
                job.need(PreparedTree.class).root(),
                job.need(InstalledImage.class).image().config(),
                job.request());
        job.note(Launch.class, plan.launch());
    }
}
