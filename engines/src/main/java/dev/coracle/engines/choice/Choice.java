package dev.coracle.engines.choice;

import dev.coracle.engines.EngineChoice;
import java.util.List;

/** What came out. */
public sealed interface Choice {
    /**
     * These can be used here, the best first; a later one only when all before it could not start the command.
     *
     * @param inOrder not empty
     */
    record Modes(List<EngineChoice> inOrder) implements Choice {
        /** Copies the list. */
        public Modes {
            inOrder = List.copyOf(inOrder);
        }

        /** The one to begin with. */
        public EngineChoice best() {
            return inOrder.get(0);
        }
    }

    /**
     * There is none.
     *
     * @param reason why, and what to do
     */
    record None(String reason) implements Choice {}
}
