package dev.coracle.layers.host;

import dev.coracle.layers.Architecture;
import dev.coracle.layers.EntryName;
import dev.coracle.layers.FileProblem;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.Metadata;
import dev.coracle.layers.Progress;
import dev.coracle.layers.TreeWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A tree of programs of this machine: interpreters, shared libraries, data, and the few files every tree has. */
public final class HostTree {
    private static final List<String> MERGED = List.of("/bin", "/sbin", "/lib", "/lib64");
    private static final List<String> FOLDERS = List.of("dev", "etc", "proc", "root", "sys", "usr", "var");
    private static final Map<String, String> FILES = Map.of(
            "etc/passwd",
            "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
            "etc/group",
            "root:x:0:\nnogroup:x:65534:\n",
            "etc/nsswitch.conf",
            "passwd: files\ngroup: files\nhosts: files dns\n",
            "etc/hosts",
            "127.0.0.1 localhost\n::1 localhost\n");

    private HostTree() {}

    /**
     * Copies programs into an empty directory.
     *
     * @param programs names looked up in the path, or absolute files or directories of this machine
     * @param path directories to look in, in order
     * @throws LayerException when one is missing, is for another processor, or lacks a library
     */
    public static void copy(
            List<String> programs, List<Path> path, Architecture architecture, Path into, Progress.Step step) {
        String tried = "copy programs of this machine";
        try (TreeWriter tree = new TreeWriter(into)) {
            furnish(tree);
            HostCopier copier = new HostCopier(tree, step);
            for (String link : MERGED) {
                if (Files.isSymbolicLink(Path.of(link))) {
                    copier.add(Path.of(link));
                }
            }
            Requirements requirements = new Requirements(copier, new ProgramPath(path), architecture);
            for (String program : programs) {
                tried = "copy the program " + program;
                requirements.program(program);
            }
            tree.finish();
        } catch (IOException e) {
            throw new LayerException(Kind.IO, tried, FileProblem.of(e), "", e);
        }
    }

    /** Those of the programs that this machine has, in their order. */
    public static List<String> installed(List<String> programs, List<Path> path) {
        ProgramPath places = new ProgramPath(path);
        return programs.stream()
                .filter(program -> places.look(program).isPresent())
                .toList();
    }

    private static void furnish(TreeWriter tree) throws IOException {
        tree.directory(EntryName.parse("/"), Metadata.of(0755));
        for (String folder : FOLDERS) {
            tree.directory(EntryName.parse(folder), Metadata.of(folder.equals("root") ? 0700 : 0755));
        }
        for (String folder : List.of("tmp", "var/tmp")) {
            tree.directory(EntryName.parse(folder), Metadata.of(01777));
        }
        for (Map.Entry<String, String> file : FILES.entrySet()) {
            byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
            tree.file(EntryName.parse(file.getKey()), Metadata.of(0644), new ByteArrayInputStream(content));
        }
    }
}
