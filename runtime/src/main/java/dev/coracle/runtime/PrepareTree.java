package dev.coracle.runtime;

/** Notes the {@link PreparedTree} of the image, unpacked unless it is still there. */
final class PrepareTree implements Step {
    private final TreeStore trees;

    PrepareTree(TreeStore trees) {
        this.trees = trees;
    }

    @Override
    public String name() {
        return "unpack";
    }

    @Override
    public void run(Job job) {
        job.note(PreparedTree.class, trees.prepare(job.need(InstalledImage.class)));
    }
}
