package dev.coracle.layers;

import dev.coracle.layers.linux.Descriptor;
import dev.coracle.layers.linux.ErrnoException;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Attributes that only root may set are kept under another name, where the engine finds them ({@code guest/attributes.c}). */
final class KeptAttributes {
    private static final String PREFIX = "user.coracle.";

    private KeptAttributes() {}

    /** Sets an attribute, under the other name where the real one is root's to set. */
    static void set(Descriptor file, String name, byte[] value) throws IOException {
        try {
            file.setAttribute(name, value);
        } catch (ErrnoException e) {
            if (e.errno() != ErrnoException.EPERM || !(name.startsWith("security.") || name.startsWith("trusted."))) {
                throw e;
            }
            file.setAttribute(PREFIX + name, value);
        }
    }

    /** The attributes of a file, by their own names. */
    static SortedMap<String, byte[]> shown(SortedMap<String, byte[]> onDisk) {
        SortedMap<String, byte[]> shown = new TreeMap<>();
        for (Map.Entry<String, byte[]> attribute : onDisk.entrySet()) {
            String name = attribute.getKey();
            shown.put(name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name, attribute.getValue());
        }
        return shown;
    }
}
