package dev.coracle.engines.choice;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.coracle.engines.host.ShortCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What of a tree matters to the choice.
 *
 * @param machine that its programs are for, in the kernel's words
 * @param small a 32-bit program in it, if there is one
 * @param setUid a set-user-id or set-group-id program in it, if there is one
 */
public record Tree(String machine, Optional<String> small, Optional<String> setUid) {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** A tree into which nobody has looked. */
    public static Tree of(String machine) {
        return new Tree(machine, Optional.empty(), Optional.empty());
    }

    /**
     * Looks into it, by {@code coracle-engine check}; takes as long as reading the beginning of every program.
     *
     * @throws IOException when that cannot be
     */
    public static Tree check(Path program, Path root, String machine) throws IOException {
        ShortCommand answer =
                ShortCommand.run(List.of(program.toString(), "check", root.toString(), "--json"), PATIENCE);
        // 1 says that there are findings.
        if (answer.code() > 1) {
            throw new IOException(
                    "exit code " + answer.code() + ": " + answer.output().strip());
        }
        return parse(answer.output(), machine);
    }

    static Tree parse(String findings, String machine) throws IOException {
        Map<String, String> firsts = new HashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(findings)) {
            Map<String, String> finding = new HashMap<>();
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                switch (token) {
                    case START_OBJECT -> finding.clear();
                    case VALUE_STRING -> finding.put(parser.currentName(), parser.getText());
                    case END_OBJECT ->
                        firsts.putIfAbsent(finding.getOrDefault("kind", ""), finding.getOrDefault("path", ""));
                    default -> {}
                }
            }
        }
        return new Tree(machine, Optional.ofNullable(firsts.get("32-bit")), Optional.ofNullable(firsts.get("set-uid")));
    }
}
