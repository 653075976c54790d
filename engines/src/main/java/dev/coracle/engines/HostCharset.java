package dev.coracle.engines;

import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The charset in which Java hands command lines to the kernel. It follows the locale at start: where that is missing, as
 * Lambda's {@code en_US.UTF-8} may be, every character beyond ASCII silently becomes a question mark.
 */
record HostCharset(Charset charset) {
    static HostCharset current() {
        return new HostCharset(Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")));
    }

    /** Whether every word reaches the kernel as its UTF-8 bytes. */
    boolean carries(List<String> words) {
        if (charset.equals(StandardCharsets.UTF_8)) {
            return true;
        }
        CharsetEncoder ascii = StandardCharsets.US_ASCII.newEncoder();
        return words.stream().allMatch(ascii::canEncode);
    }
}
