package dev.coracle.cli.lambda;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The unpacked code of one function, ready to be mounted.
 *
 * @param task the function zip, for {@code /var/task}
 * @param opt the merged layers, for {@code /opt}
 * @param runtime the runtime interface client, for {@code /var/runtime}
 * @param notices what AWS would refuse about it
 */
record Deployment(Path task, Path opt, Path runtime, List<String> notices) {
    /** The client's native half, below {@link #runtime}. */
    static final String NATIVE_CLIENT = "lib/libaws-lambda-jni.so";

    private static final long LARGEST_UNPACKED = 262_144_000;
    private static final int MOST_LAYERS = 5;

    static Deployment unpack(LambdaSettings settings, ScratchFolder scratch) throws IOException {
        Path task = scratch.folder("task");
        Path opt = scratch.folder("opt");
        long bytes = DeploymentZip.unpack(settings.function(), task);
        for (Path layer : settings.layers()) {
            bytes += DeploymentZip.unpack(layer, opt);
        }
        List<String> notices = new ArrayList<>();
        if (bytes > LARGEST_UNPACKED) {
            notices.add("function and layers unpack to " + bytes + " bytes; AWS refuses more than " + LARGEST_UNPACKED);
        }
        if (settings.layers().size() > MOST_LAYERS) {
            notices.add(settings.layers().size() + " layers; AWS refuses more than " + MOST_LAYERS);
        }
        return new Deployment(task, opt, copyRuntime(settings.bootstrap(), scratch), notices);
    }

    private static Path copyRuntime(Path bootstrap, ScratchFolder scratch) throws IOException {
        Path runtime = scratch.folder("runtime");
        Path lib = ScratchFolder.openFolder(runtime.resolve("lib"));
        List<URL> jars = new ArrayList<>();
        if (Files.isDirectory(bootstrap)) {
            try (Stream<Path> files = Files.list(bootstrap)) {
                for (Path jar : files.filter(file -> file.toString().endsWith(".jar"))
                        .sorted()
                        .toList()) {
                    Files.copy(jar, lib.resolve(jar.getFileName()));
                    jars.add(jar.toUri().toURL());
                }
            }
        }
        copyNativeClient(jars, runtime.resolve(NATIVE_CLIENT), bootstrap);
        return runtime;
    }

    /** Left alone, the client would unpack its native half to a fixed name in /tmp, where two functions would collide. */
    private static void copyNativeClient(List<URL> jars, Path target, Path bootstrap) throws IOException {
        String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String name = "jni/libaws-lambda-jni.linux-" + (machine.equals("aarch64") ? "aarch_64" : "x86_64") + ".so";
        try (URLClassLoader loader = new URLClassLoader(jars.toArray(URL[]::new), null);
                InputStream library = loader.getResourceAsStream(name)) {
            if (library == null) {
                throw new LambdaException(
                        LambdaException.Kind.SETTINGS,
                        "looking for the runtime interface client in " + bootstrap,
                        "no jar there contains " + name,
                        "Build the project (./coracle does), or set the system property coracle.ric.");
            }
            Files.copy(library, target);
        }
    }
}
