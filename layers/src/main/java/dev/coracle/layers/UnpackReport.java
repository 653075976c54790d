package dev.coracle.layers;

import java.util.List;

/**
 * What unpacking did.
 *
 * @param entries names written into the tree
 * @param bytes bytes of regular files written
 * @param skipped one sentence for each thing left out, such as a device node or an attribute the file system refused
 */
public record UnpackReport(long entries, long bytes, List<String> skipped) {
    /** Copies the list. */
    public UnpackReport {
        skipped = List.copyOf(skipped);
    }
}
