package dev.coracle.engines;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads one output of the guest to its end, whatever happens to the disk: a guest must never hang because nobody reads.
 *
 * <p>One thread runs it; {@link #captured()} may be called from another at any time and is then a snapshot. The lock is
 * this object; nothing blocks on the guest while it is held.
 */
final class OutputDrain implements Runnable {
    private static final int BUFFER = 64 * 1024;

    private final InputStream from;
    private final int limit;
    private final Path file;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private @Nullable OutputStream spill;
    private long total;
    private String lost = "";

    OutputDrain(InputStream from, int limit, Path file) {
        this.from = from;
        this.limit = limit;
        this.file = file;
    }

    @Override
    public void run() {
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = from) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                accept(buffer, read);
            }
        } catch (IOException e) {
            lose("reading the output failed: " + e);
        }
        finish();
    }

    synchronized Captured captured() {
        return new Captured(head.toByteArray(), total, file, lost);
    }

    private synchronized void accept(byte[] buffer, int length) {
        int kept = Math.min(length, limit - head.size());
        total += length;
        try {
            if (kept < length && lost.isEmpty()) {
                spill().write(buffer, 0, length);
            }
        } catch (IOException e) {
            lose("writing " + file + " failed: " + e.getMessage());
        }
        head.write(buffer, 0, kept);
    }

    /** Opened when memory is full; what memory holds goes first, before the piece that did not fit. */
    private OutputStream spill() throws IOException {
        if (spill == null) {
            spill = Files.newOutputStream(file);
            head.writeTo(spill);
        }
        return spill;
    }

    private synchronized void lose(String why) {
        lost = lost.isEmpty() ? why : lost;
    }

    private synchronized void finish() {
        try {
            if (spill != null) {
                spill.close();
            }
        } catch (IOException e) {
            lose("writing " + file + " failed: " + e.getMessage());
        }
    }
}
