package dev.coracle.layers.host;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What programs and libraries read at run time although nothing in their ELF headers says so: one row for each. */
final class HostData {
    private static final List<String> TERMINALS = Stream.of(
                    "a/ansi",
                    "d/dumb",
                    "l/linux",
                    "s/screen",
                    "s/screen-256color",
                    "t/tmux-256color",
                    "v/vt100",
                    "x/xterm",
                    "x/xterm-256color")
            .flatMap(name -> Stream.of("/lib/terminfo/" + name, "/usr/share/terminfo/" + name))
            .toList();

    private static final List<Row> ROWS = List.of(
            new Row("lib(tinfo|ncurses)w?\\.so.*", TERMINALS),
            new Row(
                    "lib(ssl|crypto)\\.so.*",
                    List.of("/etc/ssl/openssl.cnf", "/etc/ssl/certs/ca-certificates.crt", "/usr/lib/ssl/openssl.cnf")),
            new Row("libmagic\\.so.*", List.of("/usr/share/misc/magic.mgc")),
            new Row("(python3\\.\\d+)", List.of("/usr/lib/$1")),
            new Row("perl.*", List.of("/usr/lib/TRIPLET/perl-base")),
            new Row(
                    "libc\\.so\\.6",
                    List.of(
                            "/lib/TRIPLET/libnss_files.so.2",
                            "/lib/TRIPLET/libnss_dns.so.2",
                            "/lib64/libnss_dns.so.2",
                            "/usr/lib/locale/C.utf8")),
            new Row("ld-musl-(.*)\\.so\\.1", List.of("/etc/ld-musl-$1.path")));

    /** Files named so need those paths, as far as they exist. */
    private record Row(Pattern name, List<String> paths) {
        Row(String name, List<String> paths) {
            this(Pattern.compile(name), paths);
        }

        Stream<String> neededBy(String file) {
            Matcher matcher = name.matcher(file);
            return matcher.matches() ? paths.stream().map(matcher::replaceAll) : Stream.empty();
        }
    }

    private HostData() {}

    /** The paths, existing or not, that a file of this name needs. */
    static List<String> neededBy(String file, String architecture) {
        return ROWS.stream()
                .flatMap(row -> row.neededBy(file))
                .map(path -> path.replace("TRIPLET", architecture + "-linux-gnu"))
                .toList();
    }
}
