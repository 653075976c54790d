package dev.coracle.cli.demo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the demo runs in its image: a shell script that looks around with the programs that are there. */
final class DemoGuest {
    /** Without this one there is nothing to run. */
    static final String SHELL = "sh";

    /** What the script uses and a person may want to try; each is taken when this machine has it. */
    static final List<String> PROGRAMS = List.of(
            SHELL,
            "ls",
            "cat",
            "sort",
            "sha256sum",
            "wc",
            "head",
            "tail",
            "tr",
            "env",
            "id",
            "uname",
            "date",
            "grep",
            "sed",
            "find");

    private static final String INPUT = "reed\nhide\nwillow\n";

    private DemoGuest() {}

    /**
     * The event, as JSON.
     *
     * @param outside absolute paths that exist out here and must not exist for the guest
     */
    static byte[] event(List<String> outside) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        ArrayNode command = event.putArray("command");
        command.add(SHELL).add("-c").add(script()).add("demo");
        outside.forEach(command::add);
        event.put("stdin", INPUT);
        return event.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String script() {
        try (InputStream script = DemoGuest.class.getResourceAsStream("guest.sh")) {
            if (script == null) {
                throw new IllegalStateException("this build carries no guest.sh");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("reading guest.sh", e);
        }
    }
}
