package dev.coracle.engines.container;

import dev.coracle.engines.host.ShortCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A program of this host that runs containers after the OCI runtime specification. None is ever installed by Coracle.
 *
 * @param program absolute
 * @param specification the version that it follows
 */
public record OciRuntime(Kind kind, Path program, String specification) {
    private static final Pattern SPECIFICATION = Pattern.compile("(?m)^spec: (\\d+\\.\\d+\\.\\d+)");
    private static final String OLDEST = "1.0.0";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The programs that are known, in the order in which they are taken. */
    public enum Kind {
        /** The reference, in Go. */
        RUNC("runc"),
        /** In C; starts faster. */
        CRUN("crun"),
        /** gVisor, which answers the system calls itself. */
        RUNSC("runsc"),
        /** In Rust. */
        YOUKI("youki");

        private final String program;

        Kind(String program) {
            this.program = program;
        }

        /** What it is called on the search path. */
        public String program() {
            return program;
        }
    }

    /** The first that is in one of the directories. */
    public static Optional<OciRuntime> find(List<Path> searchPath) {
        return Stream.of(Kind.values())
                .flatMap(kind -> searchPath.stream()
                        .map(directory -> directory.resolve(kind.program()))
                        .filter(OciRuntime::isProgram)
                        .limit(1)
                        .map(program -> of(kind, program)))
                .findFirst();
    }

    /** The program at that place; it is asked which specification it follows, and may not answer. */
    public static OciRuntime of(Kind kind, Path program) {
        return new OciRuntime(kind, program, specificationIn(answer(program)));
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    static String specificationIn(String answer) {
        Matcher matcher = SPECIFICATION.matcher(answer);
        return matcher.find() ? matcher.group(1) : OLDEST;
    }

    /** A program that cannot even say its version fails in a moment anyway, and then says why. */
    private static String answer(Path program) {
        try {
            return ShortCommand.run(List.of(program.toString(), "--version"), PATIENCE)
                    .output();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /**
     * The command that runs a bundle and stays until its container has ended.
     *
     * @param state a directory of this run alone, where the runtime keeps what it knows
     */
    public List<String> run(Path bundle, Path state, String id, IdMaps ids) {
        List<String> line = new ArrayList<>(List.of(program.toString(), "--root", state.toString()));
        line.addAll(
                switch (kind) {
                    // As root it insists on control groups unless it is told that it may not have them.
                    case RUNC -> List.of("--rootless=true");
                    case CRUN -> List.of("--cgroup-manager=disabled");
                    case RUNSC -> List.of("--network=host", "--ignore-cgroups", "--rootless=" + !ids.root());
                    case YOUKI -> List.<String>of();
                });
        line.add("run");
        if (kind == Kind.RUNC || kind == Kind.CRUN) {
            line.add("--no-new-keyring");
        }
        line.addAll(List.of("--bundle", bundle.toString(), id));
        return line;
    }
}
