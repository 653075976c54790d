package dev.coracle.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Native chroot, the engine in its modes and optional peers side by side: medians, and ratios to chroot. */
public final class EngineBench {
    private final List<Contender> contenders;
    private final Guest guest;
    private final Map<Measurement, Map<Contender, Samples>> table = new LinkedHashMap<>();

    private EngineBench(BenchOptions options, Guest guest) {
        this.guest = guest;
        Path engine = options.engine().toAbsolutePath();
        contenders = new ArrayList<>(List.of(Contender.named(Contender.REFERENCE, engine, guest.tree())));
        options.columns().forEach(name -> contenders.add(Contender.named(name, engine, guest.tree())));
        Measurement.all(guest.canCompile()).stream()
                .filter(measurement -> measurement.name().contains(options.only()))
                .forEach(measurement -> table.put(measurement, row()));
    }

    /** Runs the benchmark; an uncaught problem is one line on standard error and exit code 1. */
    public static void main(String[] arguments) {
        Thread.currentThread()
                .setUncaughtExceptionHandler((thread, problem) -> System.err.println("bench/engine: "
                        + (problem instanceof BenchException ? problem.getMessage() : problem.toString())));
        BenchOptions options = BenchOptions.parse(arguments);
        if (!Files.isExecutable(options.engine())) {
            throw new BenchException("no engine at " + options.engine() + ": build it with ./mvnw -DskipTests package");
        }
        try (Guest guest = Guest.prepare(options)) {
            EngineBench bench = new EngineBench(options, guest);
            bench.round(false);
            for (int i = 0; i < options.rounds(); i++) {
                System.err.printf("\rround %d of %d ", i + 1, options.rounds());
                bench.round(true);
            }
            System.err.println();
            System.out.print(bench.text(options.rounds()));
        }
    }

    private Map<Contender, Samples> row() {
        Map<Contender, Samples> row = new LinkedHashMap<>();
        contenders.forEach(contender -> row.put(contender, new Samples()));
        return row;
    }

    /** Every cell once; the order of contenders turns from round to round, so that drift hits all alike. */
    private void round(boolean kept) {
        table.forEach((measurement, row) -> contenders.forEach(contender -> {
            Samples samples = row.getOrDefault(contender, new Samples());
            if (samples.failure().isEmpty()) {
                sample(measurement, contender, samples, kept);
            }
        }));
        Collections.rotate(contenders, 1);
    }

    private void sample(Measurement measurement, Contender contender, Samples samples, boolean kept) {
        try {
            String printed = Guest.run(measurement.commandFor(contender, guest.calls()));
            double nanos = Double.parseDouble(printed.lines().reduce("", (first, last) -> last));
            if (kept) {
                samples.add(nanos);
            }
        } catch (BenchException | NumberFormatException e) {
            samples.fail(String.valueOf(e.getMessage()));
        }
    }

    private String text(int rounds) {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%-24s %-4s", "median of " + rounds, ""));
        List<String> failures = new ArrayList<>();
        table.values().stream().findFirst().ifPresent(row -> row.keySet().forEach(each -> text.append(heading(each))));
        table.forEach((measurement, row) -> {
            text.append(String.format(Locale.ROOT, "%n%-24s %-4s", measurement.name(), measurement.unit()));
            double reference =
                    row.values().stream().findFirst().flatMap(Samples::median).orElse(Double.NaN);
            row.forEach((contender, samples) -> {
                text.append(cell(measurement, samples, reference));
                samples.failure()
                        .ifPresent(why -> failures.add(contender.name() + ", " + measurement.name() + ": " + why));
            });
        });
        text.append(System.lineSeparator());
        failures.forEach(why -> text.append("failed: ").append(why).append(System.lineSeparator()));
        return text.toString();
    }

    private static String heading(Contender contender) {
        return String.format(Locale.ROOT, " %19s", contender.name() + "  ratio");
    }

    private static String cell(Measurement measurement, Samples samples, double reference) {
        return samples.median()
                .map(nanos -> String.format(
                        Locale.ROOT, " %12.2f %6.2f", nanos / measurement.nanosPerUnit(), nanos / reference))
                .orElse(String.format(Locale.ROOT, " %19s", "failed"));
    }
}
