package dev.coracle.architecture;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The modules and what each may import: the one copy of the matrix, to which documentation and code are compared. */
enum Room {
    EVENTS,
    ENGINES,
    LAYERS,
    RUNTIME,
    HANDLER,
    CLI,
    BENCH;

    /** The rooms that this one may import, besides itself. */
    Set<Room> imports() {
        return switch (this) {
            case EVENTS, ENGINES -> EnumSet.noneOf(Room.class);
            case LAYERS -> EnumSet.of(ENGINES);
            case BENCH -> EnumSet.of(ENGINES, LAYERS);
            case RUNTIME -> EnumSet.of(EVENTS, ENGINES, LAYERS);
            case HANDLER -> EnumSet.of(EVENTS, ENGINES, RUNTIME);
            case CLI -> EnumSet.of(EVENTS, ENGINES, LAYERS, RUNTIME);
        };
    }

    boolean mayImport(Room other) {
        return this == other || imports().contains(other);
    }

    /** The module's name, which is also the last word of its root package. */
    String module() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Every class of the room, as a package pattern. */
    String packages() {
        return "dev.coracle." + module() + "..";
    }
}
