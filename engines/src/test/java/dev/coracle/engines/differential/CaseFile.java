package dev.coracle.engines.differential;

import dev.coracle.engines.Mode;
import dev.coracle.engines.differential.GuestCase.CaseOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A readable list of guests. A case starts with {@code == NAME}, goes on with options, each {@code #: WORD VALUE}, and then is the
 * guest's script up to the next case. Options:
 *
 * <ul>
 *   <li>{@code with PROGRAM}: who reads the script; {@code /bin/sh} without it
 *   <li>{@code command PROGRAM ARGUMENTS}: started as it is; the script is only a file then
 *   <li>{@code stdin TEXT}: one line of input (several make several lines)
 *   <li>{@code env NAME=VALUE}
 *   <li>{@code bind NAME:GUEST[:ro]}: shows a part of {@link dev.coracle.engines.guests.Outside} under {@code /mnt}
 *   <li>{@code needs PATH}: skipped where the tree has no such file
 *   <li>{@code differs REASON}: the engine is known not to do this right yet; fails when it does
 *   <li>{@code differs-in MODE,MODE REASON}: the same, in some of its modes
 *   <li>{@code normalise REGEX => REPLACEMENT because REASON}: what may differ between two runs
 * </ul>
 */
final class CaseFile {
    private final String file;
    private final List<GuestCase> cases = new ArrayList<>();
    private List<String> block = new ArrayList<>();

    private CaseFile(String file) {
        this.file = file;
    }

    /** Reads {@code NAME.cases} beside this class. */
    static List<GuestCase> read(String name) {
        try (InputStream text = CaseFile.class.getResourceAsStream(name + ".cases")) {
            byte[] bytes = Objects.requireNonNull(text, name).readAllBytes();
            return parse(name, new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<GuestCase> parse(String name, String text) {
        CaseFile reading = new CaseFile(name);
        text.lines().forEach(reading::line);
        reading.endCase();
        return List.copyOf(reading.cases);
    }

    private void line(String line) {
        if (line.startsWith("== ")) {
            endCase();
        }
        block.add(line);
    }

    private void endCase() {
        List<String> lines = block;
        block = new ArrayList<>();
        if (!lines.isEmpty() && lines.getFirst().startsWith("== ")) {
            cases.add(toCase(lines));
        }
    }

    private GuestCase toCase(List<String> lines) {
        String name = lines.getFirst().substring(3).strip();
        List<String> command = new ArrayList<>(List.of("/bin/sh", GuestCase.SCRIPT));
        StringBuilder stdin = new StringBuilder();
        List<String> needs = new ArrayList<>();
        List<String> binds = new ArrayList<>();
        List<Normalisation> normalisations = new ArrayList<>();
        Map<String, String> environment = new HashMap<>();
        Set<Mode> differsIn = Set.of();
        int next = 1;
        for (; next < lines.size() && lines.get(next).startsWith("#: "); next++) {
            String option = lines.get(next).substring(3);
            int space = option.indexOf(' ');
            String value = option.substring(space + 1);
            switch (option.substring(0, space)) {
                case "with" -> command = List.of(value, GuestCase.SCRIPT);
                case "command" -> command = List.of(value.split(" ", -1));
                case "stdin" -> stdin.append(value).append('\n');
                case "differs" -> differsIn = Set.of(Mode.values());
                case "differs-in" -> differsIn = modes(value.split(" ", 2)[0]);
                case "bind" -> binds.add(value);
                case "needs" -> needs.add(value);
                case "env" -> environment.put(value.replaceFirst("=.*", ""), value.replaceFirst("^[^=]*=", ""));
                case "normalise" -> normalisations.add(Normalisation.parse(value));
                default -> throw new IllegalArgumentException(file + ": " + name + ": unknown option " + option);
            }
        }
        String script = String.join("\n", lines.subList(next, lines.size())).strip() + "\n";
        CaseOptions options = new CaseOptions(needs, normalisations, environment, binds, differsIn);
        return new GuestCase(name, file, command, script, stdin.toString(), options);
    }

    private static Set<Mode> modes(String names) {
        return Stream.of(names.split(",", -1)).map(Mode::valueOf).collect(Collectors.toUnmodifiableSet());
    }
}
