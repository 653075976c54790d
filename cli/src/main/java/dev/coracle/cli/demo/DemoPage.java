package dev.coracle.cli.demo;

import dev.coracle.cli.lambda.LocalLambda;
import dev.coracle.cli.lambda.SandboxKind;
import dev.coracle.layers.build.BuiltLayer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Tells a person what the demo does, while it does it. */
public final class DemoPage {
    private static final double MEGABYTE = 1 << 20;

    private final PrintWriter out;
    private final Style style;
    private int steps;
    private long begun;

    /** A page that is printed as it grows. */
    public DemoPage(PrintWriter out, Style style) {
        this.out = out;
        this.style = style;
    }

    void title() {
        line(style.strong("coracle demo")
                + ": programs of this machine, in a container image, in a Lambda-like sandbox");
    }

    /** A step begins; what follows was measured from here. */
    void step(String what) {
        begun = System.nanoTime();
        line("");
        line(style.strong(++steps + "  " + what));
    }

    void image(List<String> programs, BuiltLayer built) {
        detail(String.join(" ", programs));
        built.tree()
                .ifPresent(tree -> detail(String.format(
                        Locale.ROOT,
                        "%d files and %.1f MB with their libraries; packed %.1f MB",
                        tree.entries(),
                        tree.unpackedSize() / MEGABYTE,
                        tree.archiveSize() / MEGABYTE)));
        written(built);
    }

    void tools(BuiltLayer built) {
        detail("the engine, one static program that needs no kernel feature that Lambda denies");
        written(built);
    }

    void sandbox(LocalLambda lambda) {
        detail(
                lambda.sandbox() == SandboxKind.RUNC
                        ? "sandbox runc: user 993 without capabilities; ptrace, seccomp, chroot, mounts and namespaces refused"
                        : "sandbox none: an ordinary process of this user");
        lambda.notices().forEach(notice -> detail(style.warning("warning: " + notice)));
        took("the function and its layers are in place");
    }

    void answer(DemoAnswer answer) {
        detail("engine " + answer.mode() + ": " + answer.reason());
        answer.stdout().lines().forEach(this::guest);
        took("exit code 0");
    }

    /** Of the second answer only what is new. */
    void difference(DemoAnswer cold, DemoAnswer warm) {
        List<String> before = cold.stdout().lines().toList();
        List<String> after = warm.stdout().lines().toList();
        after.stream().filter(line -> !before.contains(line)).forEach(this::guest);
        long same = after.stream().filter(before::contains).count();
        took("exit code 0; " + same + " lines were the same");
    }

    void compare(DemoTimings cold, DemoTimings warm) {
        line("");
        line(style.strong(String.format(Locale.ROOT, "   %-26s %9s %9s", "milliseconds", "cold", "warm")));
        row("sandbox and function start", cold.start(), warm.start());
        row("unpack the tree", cold.unpack(), warm.unpack());
        row("run the command", cold.run(), warm.run());
        row("the rest", cold.rest(), warm.rest());
        row("together", cold.total(), warm.total());
    }

    /** What a person may do now. */
    public void end(Optional<Path> keptLayers) {
        line("");
        line(style.strong("Where to go next"));
        if (keptLayers.isPresent()) {
            Path layers = keptLayers.get();
            detail("send the layers an event of your own:");
            detail("  echo '{\"command\": [\"sh\", \"-c\", \"ls -l /\"]}' | ./coracle invoke --event=- \\");
            detail("    --layer=" + layers.resolve("coracle-tools-layer.zip") + " \\");
            detail("    --layer=" + layers.resolve("demo-image-layer.zip"));
        } else {
            detail("./coracle demo --out=dist        the same, and the layers stay");
        }
        detail("./coracle layer build --help     layers of images and of other programs");
        detail("./coracle invoke --help          events of your own");
        detail("README.md, \"On to AWS\"          from these layers to a function in AWS");
    }

    private void written(BuiltLayer built) {
        took(String.format(Locale.ROOT, "%s, %.1f MB", built.zip().getFileName(), built.size() / MEGABYTE));
    }

    private void took(String what) {
        double seconds = (System.nanoTime() - begun) / 1e9;
        detail(style.good("ok") + "  " + what + style.faint(String.format(Locale.ROOT, " (%.2f s)", seconds)));
    }

    private void row(String what, Duration cold, Duration warm) {
        line(String.format(Locale.ROOT, "   %-26s %9d %9d", what, cold.toMillis(), warm.toMillis()));
    }

    private void guest(String text) {
        detail(style.faint("| ") + text);
    }

    private void detail(String text) {
        line("   " + text);
    }

    private void line(String text) {
        out.println(text);
        out.flush();
    }
}
