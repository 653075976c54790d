package dev.coracle.engines;

import java.nio.file.Path;
import java.util.List;

/** One way to run a command inside a tree. Implementations are immutable and may be used by several threads. */
public interface Engine {
    /** Which engine this is and why it was taken. */
    EngineChoice choice();

    /**
     * The host command that runs {@code launch} and stays as its supervisor.
     *
     * <p>The supervisor ends when the guest's first process ends, having written how to {@code status}; every process of
     * the guest carries the marker of {@code id}, see {@link RunId#marker()}. Nothing is started by this method.
     *
     * <p>The engine may make a directory {@code scratch} beside {@code status} and leave it there; who calls removes it.
     */
    List<String> commandLine(Launch launch, RunId id, Path status);
}
