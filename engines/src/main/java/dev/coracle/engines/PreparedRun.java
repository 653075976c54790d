package dev.coracle.engines;

import java.io.IOException;
import java.util.List;

/**
 * A run that only has to be started. Its command stays as its supervisor and ends when the guest's first process ends, having
 * written how; every process of the run carries a marker of its {@link RunId}, or dies with one that does.
 *
 * @param commandLine the host command
 * @param place what was made for this run outside of its directory
 */
public record PreparedRun(List<String> commandLine, Place place) implements AutoCloseable {
    /** Something to be taken away when the run is over. */
    @FunctionalInterface
    public interface Place {
        /** Takes it away; other runs that still use it are not disturbed. */
        void leave() throws IOException;
    }

    /** Copies the words. */
    public PreparedRun {
        commandLine = List.copyOf(commandLine);
    }

    /** A run that needs nothing but its command. */
    static PreparedRun of(List<String> commandLine) {
        return new PreparedRun(commandLine, () -> {});
    }

    /** To be called once every process of the run is dead. */
    @Override
    public void close() throws IOException {
        place.leave();
    }
}
