package dev.coracle.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;

/** Turns the bytes that the platform delivers into an {@link Event}. */
public final class EventReader {
    /** Bytes: what Lambda delivers at most to a synchronous call. */
    static final int LARGEST = 6 * 1024 * 1024;

    private static final String TRIED = "reading the event";

    private EventReader() {}

    /**
     * Reads the whole stream as one event.
     *
     * @throws EventException if the bytes are not an event; all problems are in the one message
     * @throws IOException if the stream cannot be read
     */
    public static Event read(InputStream stream) throws IOException {
        return parse(stream.readNBytes(LARGEST + 1));
    }

    /** The event written in {@code document}, which is UTF-8 JSON. */
    public static Event parse(byte[] document) {
        if (document.length > LARGEST) {
            throw new EventException(
                    EventException.Kind.TOO_LARGE,
                    TRIED,
                    List.of(String.format(Locale.ROOT, "it is larger than %d bytes", LARGEST)),
                    "Put large input into storage and name it in the event.");
        }
        return new DirectEvent(new JobRequestReader().read(members(document)));
    }

    private static JsonValue.Members members(byte[] document) {
        JsonValue value;
        try {
            value = JsonReader.read(document);
        } catch (JsonProcessingException e) {
            throw malformed(e.getOriginalMessage() + place(e));
        } catch (IOException e) {
            // The parser reports bytes that are not UTF-8 as a plain IOException; nothing is read from outside here.
            throw malformed(String.valueOf(e.getMessage()));
        }
        if (value instanceof JsonValue.Members members) {
            return members;
        }
        throw malformed("it is " + value.typeName() + ", not an object");
    }

    private static String place(JsonProcessingException e) {
        return e.getLocation() == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        " (line %d, column %d)",
                        e.getLocation().getLineNr(),
                        e.getLocation().getColumnNr());
    }

    private static EventException malformed(String happened) {
        return new EventException(
                EventException.Kind.MALFORMED,
                TRIED,
                List.of(happened.lines().findFirst().orElse("it is not JSON")),
                "Send a JSON object such as {\"command\":[\"ls\",\"/\"]}.");
    }
}
