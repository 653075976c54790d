package dev.coracle.layers;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.XZInputStream;

/** How a stream is compressed, told by its first bytes and never by its name. */
public enum Compression {
    /** Not at all. */
    NONE,
    /** Gzip, also of several members. */
    GZIP,
    /** Zstandard, also of several frames. */
    ZSTD,
    /** XZ. */
    XZ,
    /** Bzip2. */
    BZIP2;

    private static final int BUFFER = 1 << 17;
    private static final int MAGIC = 6;
    /** A frame may ask for memory up to 2 to this power; larger ones are hostile. */
    private static final int ZSTD_WINDOW_MAX = 27;

    /** Returns the uncompressed content of a stream; closing it closes the stream. */
    public static InputStream open(InputStream compressed) throws IOException {
        BufferedInputStream in = new BufferedInputStream(compressed, BUFFER);
        return switch (of(in)) {
            case NONE -> in;
            case GZIP -> new GZIPInputStream(in, BUFFER);
            case ZSTD -> new ZstdInputStreamNoFinalizer(in).setLongMax(ZSTD_WINDOW_MAX);
            case XZ -> new XZInputStream(in);
            case BZIP2 -> new BZip2CompressorInputStream(in, true);
        };
    }

    /**
     * Reads a stream to its end: what is inside may end earlier, and only the very end of what is around it tells whether
     * it is whole and undamaged.
     *
     * @throws IOException when it is not
     */
    public static void finish(InputStream opened) throws IOException {
        opened.transferTo(OutputStream.nullOutputStream());
    }

    /** Looks at the first bytes of a stream that can be reset, and resets it. */
    public static Compression of(InputStream in) throws IOException {
        in.mark(MAGIC);
        String magic = HexFormat.of().formatHex(in.readNBytes(MAGIC));
        in.reset();
        if (magic.startsWith("1f8b")) {
            return GZIP;
        } else if (magic.startsWith("28b52ffd")) {
            return ZSTD;
        } else if (magic.startsWith("fd377a585a00")) {
            return XZ;
        }
        return magic.startsWith("425a68") ? BZIP2 : NONE;
    }
}
