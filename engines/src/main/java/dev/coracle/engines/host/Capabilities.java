package dev.coracle.engines.host;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What this host allows. What was not tried counts as refused.
 *
 * @param facts the rest of what the probe told, by its names: {@code kernel}, {@code machine}, {@code user},
 *     {@code security-modules}, {@code descriptors}, {@code processes}, {@code directory}, {@code no-execution}
 * @param answers {@code yes}, or why not
 */
public record Capabilities(Map<String, String> facts, Map<Capability, String> answers) {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String YES = "yes";
    private static final String TRIES = "tries";

    /** Copies the maps. */
    public Capabilities {
        facts = Map.copyOf(facts);
        answers = Map.copyOf(answers);
    }

    /** A host of which this is known to work and nothing else. */
    public static Capabilities of(Set<Capability> allowed) {
        Map<Capability, String> answers = new EnumMap<>(Capability.class);
        allowed.forEach(each -> answers.put(each, YES));
        return new Capabilities(Map.of(), answers);
    }

    /**
     * Finds out, by {@code coracle-engine probe}; takes milliseconds.
     *
     * @param directory where programs would be executed from
     * @throws IOException when the program does not answer as it should
     */
    public static Capabilities probe(Path program, Path directory) throws IOException {
        ShortCommand answer =
                ShortCommand.run(List.of(program.toString(), "probe", "--directory=" + directory), PATIENCE);
        if (answer.code() != 0) {
            throw new IOException(
                    "exit code " + answer.code() + ": " + answer.output().strip());
        }
        return parse(answer.output());
    }

    /** Reads what the probe has printed. */
    public static Capabilities parse(String json) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        Map<Capability, String> answers = new EnumMap<>(Capability.class);
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            require(parser.nextToken() == JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (parser.nextToken() == JsonToken.START_OBJECT) {
                    require(name.equals(TRIES));
                    readTries(parser, answers);
                } else {
                    facts.put(name, parser.getText());
                }
            }
            require(parser.currentToken() == JsonToken.END_OBJECT);
        }
        return new Capabilities(facts, answers);
    }

    /** A newer program may try more than is known here. */
    private static void readTries(JsonParser parser, Map<Capability, String> answers) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            String answer = parser.getText();
            Capability.named(name).ifPresent(each -> answers.put(each, answer));
        }
    }

    private static void require(boolean shape) throws IOException {
        if (!shape) {
            throw new IOException("the answer of the probe is not of the known shape");
        }
    }

    /** Whether it works here. */
    public boolean has(Capability capability) {
        return YES.equals(answers.get(capability));
    }

    /** In words, why it does not work here, or that it does. */
    public String why(Capability capability) {
        return capability.word() + ": " + answers.getOrDefault(capability, "not tried");
    }
}
