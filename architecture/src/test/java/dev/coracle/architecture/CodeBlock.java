package dev.coracle.architecture;

import java.util.ArrayList;
import java.util.List;

/** A fenced block of a Markdown page: the words behind the fence, the text, and the line of its first line. */
record CodeBlock(String kind, String text, int line) {
    private static final String FENCE = "```";

    /** The blocks of a page in their order. A fence that is not closed is an {@link IllegalArgumentException}. */
    static List<CodeBlock> of(String page) {
        var blocks = new ArrayList<CodeBlock>();
        var lines = page.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].stripLeading().startsWith(FENCE)) {
                int end = end(lines, i + 1);
                var kind = lines[i].stripLeading().substring(FENCE.length()).strip();
                blocks.add(new CodeBlock(kind, String.join("\n", List.of(lines).subList(i + 1, end)) + "\n", i + 2));
                i = end;
            }
        }
        return blocks;
    }

    private static int end(String[] lines, int from) {
        for (int i = from; i < lines.length; i++) {
            if (lines[i].strip().equals(FENCE)) {
                return i;
            }
        }
        throw new IllegalArgumentException("a block is not closed, it opens on line " + from);
    }
}
