package dev.coracle.layers;

import dev.coracle.layers.LayerException.Kind;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What one layer takes away from the layers below it: {@code .wh.NAME} hides one name, {@code .wh..wh..opq} hides all
 * that a directory held. Neither hides what its own layer brings, whatever the order in the archive.
 */
final class Whiteouts {
    private static final String MARK = ".wh.";
    private static final String OWN_MARK = ".wh..wh.";
    private static final String OPAQUE = ".wh..wh..opq";

    private final TreeWriter tree;
    private final boolean lower;
    private final Set<String> written = new HashSet<>();

    /** @param lower are there layers below? In the lowest nothing can be hidden, and of the largest layer nothing need be remembered */
    Whiteouts(TreeWriter tree, boolean lower) {
        this.tree = tree;
        this.lower = lower;
    }

    /** Applies the entry when it is a mark and returns whether it was one. */
    boolean apply(EntryName name) throws IOException {
        if (name.isTop() || !name.last().startsWith(MARK)) {
            return false;
        }
        if (name.last().equals(OPAQUE)) {
            clearLower(name.parent());
        } else if (!name.last().startsWith(OWN_MARK)) {
            hideLower(name.parent().child(hidden(name)));
        }
        return true;
    }

    private static String hidden(EntryName mark) {
        String hidden = mark.last().substring(MARK.length());
        if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
            throw new LayerException(
                    Kind.REFUSED,
                    "apply the whiteout " + mark,
                    "it points outside its directory",
                    "the image is hostile or damaged, do not use it");
        }
        return hidden;
    }

    /** Remembers that this layer brings the name, and so the directories on the way to it. */
    void wrote(EntryName name) {
        EntryName each = lower ? name : EntryName.TOP;
        while (!each.isTop() && written.add(each.path())) {
            each = each.parent();
        }
    }

    private void hideLower(EntryName name) throws IOException {
        if (!lower) {
            return;
        }
        if (written.contains(name.path())) {
            clearLower(name);
        } else {
            tree.remove(name);
        }
    }

    private void clearLower(EntryName directory) throws IOException {
        for (String each : lower ? tree.namesIn(directory) : List.<String>of()) {
            hideLower(directory.child(each));
        }
    }
}
