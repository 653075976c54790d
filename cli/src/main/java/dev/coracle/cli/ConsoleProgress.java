package dev.coracle.cli;

import dev.coracle.layers.Progress;
import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows progress on standard error: a bar for a person at a terminal, a plain line for each step elsewhere. */
final class ConsoleProgress implements Progress {
    private static final int UPDATE_MILLIS = 100;
    private static final long MEGABYTE = 1 << 20;

    private final PrintStream err;
    private final boolean terminal;
    private final boolean vanishing;

    ConsoleProgress(PrintStream err, boolean terminal) {
        this(err, terminal, false);
    }

    private ConsoleProgress(PrintStream err, boolean terminal, boolean vanishing) {
        this.err = err;
        this.terminal = terminal;
        this.vanishing = vanishing;
    }

    static ConsoleProgress forStandardError() {
        return new ConsoleProgress(System.err, Terminal.is(Terminal.STANDARD_ERROR));
    }

    /** For programs that name their steps themselves: bars that leave nothing behind, and no lines elsewhere. */
    static Progress vanishing() {
        return Terminal.is(Terminal.STANDARD_ERROR) ? new ConsoleProgress(System.err, true, true) : Progress.SILENT;
    }

    @Override
    public Step begin(String what, long total) {
        if (!terminal) {
            err.println(what);
            return Step.UNHEARD;
        }
        ProgressBarBuilder bar = new ProgressBarBuilder()
                .setTaskName(what)
                .setInitialMax(total)
                .setUnit(" MB", MEGABYTE)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(UPDATE_MILLIS)
                .setConsumer(new ConsoleProgressBarConsumer(err));
        return new Bar((vanishing ? bar.clearDisplayOnFinish() : bar).build());
    }

    @Override
    public void note(String sentence) {
        err.println(sentence);
    }

    private record Bar(ProgressBar bar) implements Step {
        @Override
        public void advance(long amount) {
            bar.stepBy(amount);
        }

        @Override
        public void close() {
            bar.close();
        }
    }
}
