package dev.coracle.engines.differential;

import java.util.List;
import java.util.stream.Stream;

/** The case files, in the order in which they are best read. */
final class CaseFiles {
    static final List<String> NAMES = List.of(
            "shell",
            "coreutils",
            "findutils",
            "links",
            "perl",
            "python",
            "exec",
            "signals",
            "procfs",
            "views",
            "sockets",
            "descriptors",
            "guests",
            "hazards",
            "code",
            "programs",
            "filters",
            "registers",
            "clones",
            "around",
            "spaces",
            "interrupts",
            "tracing",
            "edges",
            "wander");

    private CaseFiles() {}

    static Stream<GuestCase> all() {
        return Stream.concat(NAMES.stream().flatMap(name -> CaseFile.read(name).stream()), RowCases.all());
    }
}
