package dev.coracle.engines.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what {@code strace -f -qq -y -v -s 4096 -o FILE} wrote; joins the halves of calls that another thread interrupted. */
final class TraceReader {
    private static final Pattern LINE = Pattern.compile("^(\\d+) +(.*)$", Pattern.DOTALL);
    private static final Pattern RESUMED =
            Pattern.compile("^<\\.\\.\\. (\\w+|\\?\\?\\?) resumed>(.*)$", Pattern.DOTALL);
    private static final Pattern CALL = Pattern.compile("^(\\w+)\\((.*)\\)\\s+= (.*)$", Pattern.DOTALL);
    private static final String UNFINISHED = "<unfinished ...>";

    private final Map<Integer, String> halves = new HashMap<>();
    private final Consumer<TracedCall> calls;
    private final List<String> notes = new ArrayList<>();

    private TraceReader(Consumer<TracedCall> calls) {
        this.calls = calls;
    }

    /** A recording, which may be larger than memory. */
    interface Recording {
        /** Hands its lines over, from the first to the last. */
        void forEachLine(Consumer<String> line);
    }

    static Recording in(Path file) {
        return line -> {
            try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
                lines.forEachOrdered(line);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    /**
     * Reads a recording from its beginning.
     *
     * @param calls gets every call, in the order in which they ended
     * @return lines that are neither calls nor signals nor exits, such as a switch to 32-bit mode
     */
    static List<String> read(Recording recording, Consumer<TracedCall> calls) {
        TraceReader reading = new TraceReader(calls);
        recording.forEachLine(reading::line);
        reading.halves.forEach((pid, half) -> reading.call(pid, half + ") = ?"));
        return reading.notes;
    }

    private void line(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            notes.add(line);
            return;
        }
        int pid = Integer.parseInt(matcher.group(1));
        String text = matcher.group(2);
        Matcher resumed = RESUMED.matcher(text);
        // A thread that is killed on its way into a call leaves ???, and no call is made.
        if (text.startsWith("---") || text.startsWith("+++") || text.startsWith("???")) {
            return;
        }
        if (text.endsWith(UNFINISHED)) {
            halves.put(pid, text.substring(0, text.length() - UNFINISHED.length()));
        } else if (resumed.matches()) {
            String half = halves.remove(pid);
            finish(pid, half, resumed);
        } else {
            call(pid, text);
        }
    }

    private void finish(int pid, @Nullable String half, Matcher resumed) {
        if (half != null) {
            call(pid, half + resumed.group(2));
        } else if (!resumed.group(1).equals("???")) {
            call(pid, resumed.group(1) + "(" + resumed.group(2));
        }
    }

    private void call(int pid, String text) {
        Matcher matcher = CALL.matcher(text);
        if (matcher.matches()) {
            List<String> arguments = ArgumentText.split(matcher.group(2));
            calls.accept(new TracedCall(pid, matcher.group(1), arguments, matcher.group(3), text));
        } else {
            notes.add(pid + " " + text);
        }
    }
}
