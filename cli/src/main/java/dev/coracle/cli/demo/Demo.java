package dev.coracle.cli.demo;

import dev.coracle.cli.demo.DemoException.Kind;
import dev.coracle.cli.lambda.LambdaSettings;
import dev.coracle.cli.lambda.LocalLambda;
import dev.coracle.layers.Progress;
import dev.coracle.layers.build.BuiltLayer;
import dev.coracle.layers.build.ImageLayers;
import dev.coracle.layers.build.LayerRequest;
import dev.coracle.layers.build.ToolsLayer;
import dev.coracle.layers.host.HostTree;
import dev.coracle.layers.image.ImageSource;
import java.util.List;

/** The demo's steps, in their order. */
public final class Demo {
    private static final String IMAGE = "demo";

    private final DemoRequest request;
    private final Progress progress;
    private final DemoPage page;

    private Demo(DemoRequest request, Progress progress, DemoPage page) {
        this.request = request;
        this.progress = progress;
        this.page = page;
    }

    /**
     * Builds both layers, sends a cold and a warm event, and tells what happened.
     *
     * @throws DemoException when the function or the guest does not do what is shown
     * @throws dev.coracle.layers.LayerException when a layer cannot be built
     * @throws dev.coracle.cli.lambda.LambdaException when the local Lambda cannot be started
     */
    public static void run(DemoRequest request, Progress progress, DemoPage page) {
        new Demo(request, progress, page).run();
    }

    private void run() {
        page.title();
        BuiltLayer image = imageLayer();
        BuiltLayer tools = toolsLayer();
        invoke(request.lambda().withLayers(List.of(tools.zip(), image.zip())));
    }

    private BuiltLayer imageLayer() {
        page.step("An image of programs that this machine has");
        List<String> programs = HostTree.installed(DemoGuest.PROGRAMS, request.programPath());
        if (!programs.contains(DemoGuest.SHELL)) {
            throw new DemoException(
                    Kind.MACHINE, "looking for programs", "no sh in PATH", "Put a directory with sh into PATH.");
        }
        BuiltLayer built = ImageLayers.build(
                new LayerRequest(
                        new ImageSource.HostPrograms(programs),
                        IMAGE,
                        request.architecture(),
                        request.layers(),
                        request.programPath()),
                progress);
        page.image(programs, built);
        return built;
    }

    private BuiltLayer toolsLayer() {
        page.step("The tools layer");
        BuiltLayer built = ToolsLayer.build(request.architecture(), request.layers(), progress);
        page.tools(built);
        return built;
    }

    private void invoke(LambdaSettings settings) {
        page.step("A Lambda on this machine");
        byte[] event = DemoGuest.event(request.outside());
        try (LocalLambda lambda = LocalLambda.start(settings)) {
            page.sandbox(lambda);
            page.step("A cold event: the environment starts, the tree is unpacked, the command runs");
            DemoAnswer cold = DemoAnswer.of("cold", lambda.invoke(event));
            page.answer(cold);
            page.step("The same event again, warm: the function and the tree are still there");
            DemoAnswer warm = DemoAnswer.of("warm", lambda.invoke(event));
            page.difference(cold, warm);
            checkWarm(warm);
            page.compare(cold.timings(), warm.timings());
        }
    }

    private static void checkWarm(DemoAnswer warm) {
        if (warm.coldStart()) {
            throw new DemoException(
                    Kind.ANSWER,
                    "sending a warm event",
                    "the function had started again",
                    "Did something kill it? Try again.");
        }
    }
}
