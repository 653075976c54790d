package dev.coracle.layers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** The records of an extended tar header, {@code LENGTH KEY=VALUE\n}, as byte strings. */
final class PaxRecords {
    /** Prefix of the records that hold extended attributes. */
    static final String ATTRIBUTE = "SCHILY.xattr.";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Reads all records. */
    static Map<String, String> parse(byte[] records) throws IOException {
        String text = new String(records, StandardCharsets.ISO_8859_1);
        Map<String, String> found = new HashMap<>();
        int start = 0;
        while (start < text.length() && text.charAt(start) != '\0') {
            int space = text.indexOf(' ', start);
            int length = space < 0 ? 0 : number(text.substring(start, space));
            int end = start + length;
            int equals = text.indexOf('=', space);
            if (length <= 0 || end > text.length() || equals < 0 || equals >= end || text.charAt(end - 1) != '\n') {
                throw new IOException("an extended header is damaged");
            }
            found.put(text.substring(space + 1, equals), text.substring(equals + 1, end - 1));
            start = end;
        }
        return found;
    }

    private static int number(String digits) throws IOException {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            throw new IOException("an extended header is damaged", e);
        }
    }

    /** Adds a record; the length counts itself. */
    void add(String key, byte[] value) {
        int rest = key.length() + value.length + 3;
        int length = rest + Integer.toString(rest).length();
        length = rest + Integer.toString(length).length();
        bytes.writeBytes((length + " " + key + "=").getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes(value);
        bytes.write('\n');
    }

    /** Adds a record whose value is a byte string. */
    void add(String key, String value) {
        add(key, value.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Seconds and nanoseconds since 1970 as a decimal number, also before 1970. */
    static String time(Instant instant) {
        return BigDecimal.valueOf(instant.getEpochSecond())
                .add(BigDecimal.valueOf(instant.getNano(), 9))
                .toPlainString();
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }
}
