package dev.coracle.engines.guests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where {@code scripts/test-trees} keeps what is expensive to make: a Debian tree in {@code debian12}, foreign programs in
 * {@code npm}.
 */
public record TestCache(Path root) {

    /** The cache named by the property {@code coracle.test.cache}, else the one in the home directory. */
    public static TestCache located() {
        Path usual = Path.of(System.getProperty("user.home"), ".cache/coracle-tests");
        return new TestCache(Path.of(System.getProperty("coracle.test.cache", usual.toString())));
    }

    /** Fills the cache where it can; says why there is no tree when there is none. */
    public Optional<String> whyNoTree() {
        Path script = Path.of(System.getProperty("coracle.home", "."), "scripts/test-trees");
        if (Files.isExecutable(script)) {
            HostTools.exitCode(List.of("env", "CORACLE_TEST_CACHE=" + root, script.toString()));
        }
        return Files.isDirectory(debian())
                ? Optional.empty()
                : Optional.of("no Debian tree in " + debian() + ": run scripts/test-trees as root");
    }

    /** A program of an npm package. */
    public Path npm(String insidePackages) {
        return root.resolve("npm/node_modules").resolve(insidePackages);
    }

    private Path debian() {
        return root.resolve("debian12");
    }

    /** Copies the Debian tree without its documentation, which only costs time. */
    public void copyDebianTo(Path target) {
        String copy = "mkdir \"$2\" && tar -C \"$1\" --numeric-owner --xattrs -c --exclude=./usr/share/doc"
                + " --exclude=./usr/share/man --exclude=./usr/share/locale --exclude=./var/lib/dpkg/info"
                + " --exclude='./dev/*' . | tar -C \"$2\" --numeric-owner --xattrs -xp";
        String lock = root.resolve("lock").toString();
        HostTools.require("flock", "--shared", lock, "sh", "-c", copy, "sh", debian().toString(), target.toString());
        HostTools.require("rm", "-rf", target.resolve("dev").toString());
        HostTools.require(
                "mkdir",
                "-p",
                target.resolve("dev").toString(),
                target.resolve("proc").toString());
        for (String place : GuestTrees.writablePlaces()) {
            HostTools.require("mkdir", "-p", target.resolve(place).toString());
        }
    }
}
