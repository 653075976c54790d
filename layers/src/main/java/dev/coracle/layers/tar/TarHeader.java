package dev.coracle.layers.tar;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The block of 512 bytes that begins an entry. Its fields are read when somebody asks for them. */
final class TarHeader {
    static final int BLOCK = 512;

    static final Field NAME = new Field(0, 100);
    static final Field MODE = new Field(100, 8);
    static final Field USER = new Field(108, 8);
    static final Field GROUP = new Field(116, 8);
    static final Field SIZE = new Field(124, 12);
    static final Field MODIFIED = new Field(136, 12);
    static final Field LINK = new Field(157, 100);
    static final Field MAJOR = new Field(329, 8);
    static final Field MINOR = new Field(337, 8);
    /** Only in files with holes, as GNU tar wrote them first. */
    static final Field WHOLE_SIZE = new Field(483, 12);

    private static final Field CHECKSUM = new Field(148, 8);
    private static final Field MAGIC = new Field(257, 6);
    private static final Field PREFIX = new Field(345, 155);
    private static final Field SHORT_PREFIX = new Field(345, 131);
    private static final Field STAR_MAGIC = new Field(508, 4);
    private static final int FLAG = 156;

    private final byte[] block;

    /** Where a field is. */
    record Field(int at, int length) {}

    /** Reads a block of which it is known that it is not the end of the archive. */
    TarHeader(byte[] block) throws IOException {
        this.block = block;
        long stated = number(CHECKSUM);
        long sum = (long) ' ' * CHECKSUM.length();
        long signed = sum;
        for (int i = 0; i < BLOCK; i++) {
            if (i < CHECKSUM.at() || i >= CHECKSUM.at() + CHECKSUM.length()) {
                sum += block[i] & 0xff;
                // What programs did whose compiler had signed characters.
                signed += block[i];
            }
        }
        if (stated != sum && stated != signed) {
            throw new IOException("not a tar header: its checksum is wrong");
        }
    }

    byte[] block() {
        return block;
    }

    char flag() {
        return (char) (block[FLAG] & 0xff);
    }

    /** The name, together with the part of it that lies elsewhere. */
    String name() {
        String name = text(NAME);
        // GNU's own magic has a space there, and times where others have more of the name.
        if (!text(MAGIC).equals("ustar")) {
            return name;
        }
        String prefix = text(text(STAR_MAGIC).equals("tar") ? SHORT_PREFIX : PREFIX);
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    /** The bytes of a field up to the first zero. */
    String text(Field field) {
        int end = field.at();
        while (end < field.at() + field.length() && block[end] != 0) {
            end++;
        }
        return new String(block, field.at(), end - field.at(), StandardCharsets.ISO_8859_1);
    }

    /** A number, in octal digits or, with the first bit set, in binary. */
    long number(Field field) throws IOException {
        return number(block, field);
    }

    static long number(byte[] block, Field field) throws IOException {
        return (block[field.at()] & 0x80) != 0 ? binary(block, field) : octal(block, field);
    }

    /** A number that cannot be less than nothing. */
    long size(Field field) throws IOException {
        long size = number(field);
        if (size < 0) {
            throw new IOException("not a tar header: a size is negative");
        }
        return size;
    }

    private static long binary(byte[] block, Field field) throws IOException {
        boolean negative = (block[field.at()] & 0x40) != 0;
        // The bit that says that it is binary is none of the number's.
        long value = negative ? block[field.at()] : block[field.at()] & 0x3f;
        for (int i = field.at() + 1; i < field.at() + field.length(); i++) {
            if (value > Long.MAX_VALUE >> 8 || value < Long.MIN_VALUE >> 8) {
                throw new IOException("not a tar header: a number is too large");
            }
            value = value << 8 | (block[i] & 0xff);
        }
        return value;
    }

    /** Octal digits among spaces, up to a zero; nothing at all is zero. */
    private static long octal(byte[] block, Field field) throws IOException {
        long value = 0;
        int i = field.at();
        int end = i + field.length();
        while (i < end && block[i] == ' ') {
            i++;
        }
        for (; i < end && block[i] >= '0' && block[i] <= '7'; i++) {
            value = value << 3 | (block[i] - '0');
        }
        if (i < end && block[i] != ' ' && block[i] != 0) {
            throw new IOException("not a tar header: a number is none");
        }
        return value;
    }
}
