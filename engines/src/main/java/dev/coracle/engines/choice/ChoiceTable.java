package dev.coracle.engines.choice;

import dev.coracle.engines.EngineChoice;
import dev.coracle.engines.Mode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** From what the host allows, what the tree is and what is wished to the mode, with its reason. Pure: nothing is asked. */
public final class ChoiceTable {
    private ChoiceTable() {}

    /** The choice. */
    public static Choice choose(Host host, Tree tree, Wishes wishes) {
        if (!tree.machine().equals(host.machine())) {
            return new Choice.None("the tree's programs are for " + tree.machine() + " and this host is "
                    + host.machine() + "; take an image for " + host.machine());
        }
        return wishes.mode().map(mode -> wished(mode, host)).orElseGet(() -> suitable(host, tree, wishes));
    }

    /** What is wished is taken or refused, never replaced. */
    private static Choice wished(Mode mode, Host host) {
        List<String> missing = ModeNeeds.missing(mode, host);
        return missing.isEmpty()
                ? new Choice.Modes(List.of(new EngineChoice(mode, "it was asked for")))
                : new Choice.None("mode " + mode + " was asked for: " + String.join("; ", missing));
    }

    private static Choice suitable(Host host, Tree tree, Wishes wishes) {
        List<EngineChoice> inOrder = new ArrayList<>();
        Set<Mode> taken = EnumSet.noneOf(Mode.class);
        List<String> lost = new ArrayList<>();
        for (Row row : Row.values()) {
            boolean usable = row.applies(host, tree, wishes) && ModeNeeds.met(row.mode(), host);
            if (usable && taken.add(row.mode())) {
                inOrder.add(new EngineChoice(row.mode(), reason(row, lost)));
            }
            row.lost(tree, wishes).filter(words -> !lost.contains(words)).ifPresent(lost::add);
        }
        return new Choice.Modes(inOrder);
    }

    private static String reason(Row row, List<String> lost) {
        boolean less = row == Row.INDEX || row == Row.PLAIN;
        return less && !lost.isEmpty() ? row.reason() + "; " + String.join("; ", lost) : row.reason();
    }

    /** The table as documentation shows it. */
    static String rows() {
        return Arrays.stream(Row.values())
                .map(row -> "| " + row.when() + " | " + row.mode() + " | " + row.reason() + " |")
                .collect(Collectors.joining("\n"));
    }

    /** What the modes need, as documentation shows it. */
    static String needs() {
        return Arrays.stream(Mode.values())
                .map(mode -> "| " + mode + " | " + ModeNeeds.words(mode) + " |")
                .collect(Collectors.joining("\n"));
    }
}
