package dev.coracle.layers.tar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** Writes tar blocks field by field, with the right checksum, whatever else is wrong with them. */
public final class RawTar {
    private static final int BLOCK = 512;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** An entry's header and content. */
    public RawTar entry(char flag, String name, String content) {
        return header(flag, name, content.length(), block -> {}).blocks(content);
    }

    /** An extended header for one entry ({@code x}) or all that follow ({@code g}). */
    public RawTar records(char flag, String... keysAndValues) {
        PaxRecords records = new PaxRecords();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            records.add(keysAndValues[i], keysAndValues[i + 1]);
        }
        return entry(flag, "PaxHeader", new String(records.toBytes(), StandardCharsets.ISO_8859_1));
    }

    /** A header alone; the change is made before its checksum is taken. */
    public RawTar header(char flag, String name, long size, Consumer<byte[]> change) {
        byte[] block = new byte[BLOCK];
        put(block, 0, name);
        put(block, 100, "0000644");
        put(block, 108, "0000000");
        put(block, 116, "0000000");
        put(block, 124, String.format("%011o", size));
        put(block, 136, "07346545000");
        put(block, 148, "        ");
        put(block, 156, String.valueOf(flag));
        put(block, 257, "ustar");
        put(block, 263, "00");
        change.accept(block);
        int sum = 0;
        for (byte each : block) {
            sum += each & 0xff;
        }
        put(block, 148, String.format("%06o", sum));
        block[154] = 0;
        bytes.writeBytes(block);
        return this;
    }

    /** Puts a byte string into a block. */
    public static void put(byte[] block, int at, String text) {
        byte[] written = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(written, 0, block, at, written.length);
    }

    /** Content in whole blocks. */
    public RawTar blocks(String content) {
        byte[] written = content.getBytes(StandardCharsets.ISO_8859_1);
        bytes.writeBytes(Arrays.copyOf(written, (written.length + BLOCK - 1) / BLOCK * BLOCK));
        return this;
    }

    /** What is there, without the end mark. */
    public byte[] unfinished() {
        return bytes.toByteArray();
    }

    /** The whole archive. */
    public byte[] bytes() {
        return Arrays.copyOf(bytes.toByteArray(), bytes.size() + 2 * BLOCK);
    }
}
