package dev.coracle.engines;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What one output stream of a run gave: its beginning in memory, the whole of it in a file when that is more. */
public final class Captured {
    private final byte[] head;
    private final long total;
    private final Path file;
    private final Optional<String> lost;

    Captured(byte[] head, long total, Path file, String lost) {
        this.head = head;
        this.total = total;
        this.file = file;
        this.lost = lost.isEmpty() ? Optional.empty() : Optional.of(lost);
    }

    /** Text of the beginning; {@code replaced} says that bytes which are not UTF-8 became U+FFFD. */
    public record Text(String text, boolean replaced) {}

    /** Where the whole is; {@code lost} says why the file is not whole, and is empty when it is. */
    public record Kept(Path file, Optional<String> lost) {}

    /** How many bytes the guest wrote. */
    public long total() {
        return total;
    }

    /** Whether there was more than is held in memory. */
    public boolean truncated() {
        return total > head.length;
    }

    /** The beginning as text. A character that the limit cut in two is left out, not replaced. */
    public Text text() {
        CharsetDecoder strict = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer text = CharBuffer.allocate(head.length);
        CoderResult result = strict.decode(ByteBuffer.wrap(head), text, !truncated());
        if (!result.isError()) {
            return new Text(text.flip().toString(), false);
        }
        CharsetDecoder lenient = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        text.clear();
        lenient.decode(ByteBuffer.wrap(head), text, !truncated());
        return new Text(text.flip().toString(), true);
    }

    /** Makes sure that the whole output is in its file, as far as the disk takes it. */
    public Kept keep() {
        if (truncated() || lost.isPresent()) {
            return new Kept(file, lost);
        }
        try {
            Files.write(file, head);
            return new Kept(file, Optional.empty());
        } catch (IOException e) {
            return new Kept(file, Optional.of(e.toString()));
        }
    }
}
