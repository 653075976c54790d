package dev.coracle.engines.guests;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The tree of {@code scripts/test-programs} with a fresh writable layer over it, for one run of one script. It takes gigabytes, so it
 * is mounted (overlayfs) and not copied.
 *
 * @param place a directory of this run alone; the tree is below it
 */
public record ProgramTree(Path place) implements AutoCloseable {
    private static final List<String> LAYERS =
            List.of("programs-jdk", "programs-maven", "programs-npm", "debian12-programs");
    private static final Duration DEADLINE = Duration.ofMinutes(10);

    /** Why there can be none; empty when there can. */
    public static Optional<String> whyNone(Path cache) {
        return LAYERS.stream()
                .filter(layer -> !Files.isRegularFile(cache.resolve(layer + ".key")))
                .findFirst()
                .map(layer -> "no " + cache.resolve(layer) + ": run scripts/test-programs as root");
    }

    /** Why this family is left out: {@code -Dcoracle.test.case} may name those to run. */
    public static Optional<String> whyNot(String family) {
        String only = System.getProperty("coracle.test.case", "");
        return Pattern.compile(only).matcher(family).find()
                ? Optional.empty()
                : Optional.of("not asked for: coracle.test.case is " + only);
    }

    /** Mounts it with the script of that family in the guest's first directory. */
    public static ProgramTree mount(Path cache, Path place, String family) throws IOException {
        // In memory: on a disk it takes minutes to give so many files to another user.
        HostTools.require(
                "mount",
                "-t",
                "tmpfs",
                "-o",
                "size=8g,mode=755",
                "programs",
                Files.createDirectories(place).toString());
        for (String part : List.of("upper", "work", "tree")) {
            Files.createDirectories(place.resolve(part));
        }
        String lower =
                LAYERS.stream().map(layer -> cache.resolve(layer).toString()).collect(Collectors.joining(":"));
        // With metacopy a change of owner copies no contents; with an index hard links stay what they are.
        String options = "metacopy=on,index=on,lowerdir=%s,upperdir=%s,workdir=%s"
                .formatted(lower, place.resolve("upper"), place.resolve("work"));
        ProgramTree tree = new ProgramTree(place);
        HostTools.require(
                "mount", "-t", "overlay", "-o", options, "overlay", tree.root().toString());
        copy("starter.pl", tree.starter());
        Path workdir = Files.createDirectories(tree.root().resolve(GuestCommand.WORKDIR.substring(1)));
        copy("/dev/coracle/engines/programs/" + family + ".sh", workdir.resolve("script"));
        return tree;
    }

    private static void copy(String resource, Path to) throws IOException {
        try (InputStream text = ProgramTree.class.getResourceAsStream(resource)) {
            Files.copy(Objects.requireNonNull(text, resource), to);
        }
    }

    /** The guest's root directory. */
    public Path root() {
        return place.resolve("tree");
    }

    private Path starter() {
        return place.resolve("starter.pl");
    }

    /** Gives the tree to the user of Lambda's sandbox. */
    public void giveToUser() {
        HostTools.require("chown", "-hR", LambdaSandbox.USER, root().toString());
    }

    /** Runs the script as root would. */
    public GuestOutcome run(Confinement confinement) {
        Map<String, String> environment = Map.of(
                "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "HOME", "/root",
                "LANG", "C.UTF-8",
                "TZ", "UTC");
        GuestCommand guest =
                new GuestCommand(List.of("/bin/bash", GuestCommand.WORKDIR + "/script"), environment, "", List.of());
        return new GuestRunner(starter(), place, DEADLINE).run(root(), confinement, guest);
    }

    @Override
    public void close() {
        HostTools.require("umount", root().toString());
        HostTools.require("umount", place.toString());
    }
}
