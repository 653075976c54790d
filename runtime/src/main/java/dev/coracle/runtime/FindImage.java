package dev.coracle.runtime;

import dev.coracle.runtime.JobException.Kind;

/** Notes the {@link InstalledImage} that the request means. */
final class FindImage implements Step {
    private final ImageCatalog catalog;
    private final String architecture;

    FindImage(ImageCatalog catalog, String architecture) {
        this.catalog = catalog;
        this.architecture = architecture;
    }

    @Override
    public String name() {
        return "image";
    }

    @Override
    public void run(Job job) {
        InstalledImage image = job.request().image().map(catalog::named).orElseGet(catalog::only);
        if (!image.image().architecture().equals(architecture)) {
            throw new JobException(
                    Kind.BROKEN_IMAGE,
                    "taking the image " + image.image().name(),
                    "it is for " + image.image().architecture() + " and this host is " + architecture,
                    "build it with --arch=" + architecture);
        }
        job.note(InstalledImage.class, image);
    }
}
