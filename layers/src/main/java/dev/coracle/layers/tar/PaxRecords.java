package dev.coracle.layers.tar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** The records of an extended tar header, {@code LENGTH KEY=VALUE\n}, as byte strings. */
public final class PaxRecords {
    /** Prefix of the records that hold extended attributes. */
    public static final String ATTRIBUTE = "SCHILY.xattr.";

    private static final int NANO_DIGITS = 9;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /**
     * Reads all records. Of several with one key the last counts; but parts of the map of a file's holes, which GNU tar once wrote so,
     * become one record.
     */
    static Map<String, String> parse(byte[] records) throws IOException {
        String text = new String(records, StandardCharsets.ISO_8859_1);
        Map<String, String> found = new HashMap<>();
        StringBuilder holes = new StringBuilder();
        int start = 0;
        while (start < text.length() && text.charAt(start) != '\0') {
            int space = text.indexOf(' ', start);
            long length = space < 0 ? 0 : number(text.substring(start, space));
            long end = start + length;
            int equals = text.indexOf('=', space);
            if (length <= 0
                    || end > text.length()
                    || equals < 0
                    || equals >= end
                    || text.charAt((int) end - 1) != '\n') {
                throw damaged();
            }
            String key = text.substring(space + 1, equals);
            String value = text.substring(equals + 1, (int) end - 1);
            if (key.equals("GNU.sparse.offset") || key.equals("GNU.sparse.numbytes")) {
                holes.append(holes.isEmpty() ? "" : ",").append(value);
            } else {
                found.put(key, value);
            }
            start = (int) end;
        }
        if (!holes.isEmpty()) {
            found.put("GNU.sparse.map", holes.toString());
        }
        return found;
    }

    /** A decimal number without a sign. */
    static long number(String digits) throws IOException {
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - digit) / 10) {
                throw damaged();
            }
            value = value * 10 + digit;
        }
        if (digits.isEmpty()) {
            throw damaged();
        }
        return value;
    }

    private static IOException damaged() {
        return new IOException("an extended header is damaged");
    }

    /** Seconds since 1970, with a sign and a fraction where there are such. */
    static Instant instant(String text) throws IOException {
        boolean negative = text.startsWith("-");
        String digits = negative ? text.substring(1) : text;
        int dot = digits.indexOf('.');
        long seconds = number(dot < 0 ? digits : digits.substring(0, dot));
        String fraction = dot < 0 ? "" : digits.substring(dot + 1);
        String nanos = (fraction + "0".repeat(NANO_DIGITS)).substring(0, NANO_DIGITS);
        return second(negative ? -seconds : seconds).plusNanos(negative ? -number(nanos) : number(nanos));
    }

    /** So many seconds after 1970. */
    static Instant second(long second) throws IOException {
        try {
            return Instant.ofEpochSecond(second);
        } catch (DateTimeException e) {
            throw new IOException("not a tar header: a time is out of all time", e);
        }
    }

    /** Adds a record; the length counts itself. */
    public void add(String key, byte[] value) {
        int rest = key.length() + value.length + 3;
        int length = rest + Integer.toString(rest).length();
        length = rest + Integer.toString(length).length();
        bytes.writeBytes((length + " " + key + "=").getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes(value);
        bytes.write('\n');
    }

    /** Adds a record whose value is a byte string. */
    public void add(String key, String value) {
        add(key, value.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Seconds and nanoseconds since 1970 as a decimal number, also before 1970. */
    public static String time(Instant instant) {
        return BigDecimal.valueOf(instant.getEpochSecond())
                .add(BigDecimal.valueOf(instant.getNano(), 9))
                .toPlainString();
    }

    /** All of them. */
    public byte[] toBytes() {
        return bytes.toByteArray();
    }
}
