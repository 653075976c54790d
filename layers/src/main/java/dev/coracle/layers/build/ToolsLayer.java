package dev.coracle.layers.build;

import dev.coracle.engines.EngineProgram;
import dev.coracle.layers.Architecture;
import dev.coracle.layers.FileProblem;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;

/** Builds {@code coracle-tools-layer.zip}, which brings {@code /opt/coracle/bin/coracle-engine} to Lambda. */
public final class ToolsLayer {
    private ToolsLayer() {}

    /**
     * Builds the layer of the engine program that Coracle carries.
     *
     * @throws LayerException when this build carries none for the architecture, or the zip cannot be written
     */
    public static BuiltLayer build(Architecture architecture, Path out, Progress progress) {
        try (ScratchDirectory scratch = ScratchDirectory.in(out);
                InputStream carried = EngineProgram.class.getResourceAsStream(
                        "/dev/coracle/engines/native/" + architecture + "/coracle-engine")) {
            if (carried == null) {
                throw new LayerException(
                        Kind.NOT_FOUND,
                        "find the engine program",
                        "this build carries none for " + architecture,
                        "build it, or name one with --engine");
            }
            Path engine = scratch.path().resolve("coracle-engine");
            Files.copy(carried, engine);
            return build(engine, out, progress);
        } catch (IOException e) {
            throw new LayerException(Kind.IO, "build the tools layer", FileProblem.of(e), "", e);
        }
    }

    /**
     * Builds the layer; the zip appears complete or not at all.
     *
     * @param engine the engine program of the architecture the layer is for
     * @param out the directory for the zip, made when it is missing
     * @throws LayerException when the program is missing or the zip cannot be written
     */
    public static BuiltLayer build(Path engine, Path out, Progress progress) {
        if (!Files.isRegularFile(engine)) {
            throw new LayerException(
                    Kind.NOT_FOUND, "build the tools layer", "there is no engine program " + engine, "build it first");
        }
        Path zip = out.resolve("coracle-tools-layer.zip");
        try (ScratchDirectory scratch = ScratchDirectory.in(out);
                Progress.Step step = progress.begin("write " + zip.getFileName(), -1)) {
            TreeMap<String, LayerZip.Content> contents = new TreeMap<>();
            contents.put("coracle/bin/coracle-engine", new LayerZip.Content(engine, 0755));
            LayerZip.write(zip, contents, scratch.path(), step);
            return new BuiltLayer(zip, Files.size(zip), Optional.empty());
        } catch (IOException e) {
            throw new LayerException(Kind.IO, "write " + zip, FileProblem.of(e), "", e);
        }
    }
}
