package dev.coracle.engines;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** A shell script that becomes a command, for hosts on which Java cannot pass the command's words itself. */
final class StartScript {
    private StartScript() {}

    /** The script's bytes: every word quoted so that the shell takes it as it is. Words must not have NUL characters. */
    static byte[] of(List<String> words) {
        String script = words.stream().map(StartScript::quoted).collect(Collectors.joining(" ", "exec ", "\n"));
        return script.getBytes(StandardCharsets.UTF_8);
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
