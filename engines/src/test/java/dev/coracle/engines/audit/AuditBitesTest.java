package dev.coracle.engines.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each way out is found in a recording, and what stays inside is not. TREE and OUT stand for two directories of the host. */
class AuditBitesTest {
    @TempDir
    Path scratch;

    private Path tree = Path.of("/");

    @BeforeEach
    void aTreeWithLinks() throws IOException {
        scratch = scratch.toRealPath();
        tree = Files.createDirectories(scratch.resolve("tree"));
        Files.createDirectories(tree.resolve("etc"));
        Files.createDirectories(tree.resolve("work"));
        Files.createDirectories(scratch.resolve("out"));
        Files.writeString(tree.resolve("etc/passwd"), "x");
        Files.createSymbolicLink(tree.resolve("work/absolute"), Path.of("/etc/passwd"));
        Files.createSymbolicLink(tree.resolve("work/dots"), Path.of("../../missing"));
        Files.createSymbolicLink(tree.resolve("work/inside"), Path.of("../etc/passwd"));
    }

    private List<String> findings(String... lines) {
        List<String> recording = List.of(lines).stream()
                .map(line -> line.replace("TREE", tree.toString())
                        .replace("OUT", scratch.resolve("out").toString()))
                .toList();
        AllowedPlaces places = AllowedPlaces.of(tree, List.of("/proc", "/dev"), Path.of("/opt/engine"));
        return EscapeAudit.of(recording::forEach, places, tree.toString()).findings().stream()
                .map(Finding::toString)
                .toList();
    }

    @Test
    void whatStaysInsideIsNoFinding() {
        assertThat(findings(
                        "7 execve(\"/opt/engine\", [\"x\"], []) = 0",
                        "7 openat(AT_FDCWD</>, \"TREE/etc/passwd\", O_RDONLY) = 3<TREE/etc/passwd>",
                        "7 openat(3<TREE/etc>, \"../work/inside\", O_RDONLY) = 4<TREE/etc/passwd>",
                        "7 newfstatat(4<TREE/work>, \"absolute\", {st_mode=S_IFLNK|0777}, AT_SYMLINK_NOFOLLOW) = 0",
                        "7 newfstatat(1<pipe:[12]>, \"\", {st_mode=S_IFIFO|0600}, AT_EMPTY_PATH) = 0",
                        "7 openat2(5<TREE>, \"/etc/passwd\", {flags=O_RDONLY, resolve=RESOLVE_IN_ROOT}, 24) = 6<TREE/etc/passwd>",
                        "7 openat(AT_FDCWD</>, \"/proc/self/maps\", O_RDONLY) = 7</proc/7/maps>",
                        "7 connect(3<socket:[5]>, {sa_family=AF_UNIX, sun_path=@\"abstract\"}, 11) = 0",
                        "7 readlink(\"/proc/self/exe\", \"/opt/engine\", 4096) = 11",
                        "7 write(1<pipe:[12]>, \"/etc/passwd, \\\"quoted\\\" (\", 24) = 24",
                        "7 +++ exited with 0 +++"))
                .isEmpty();
    }

    @Test
    void pathsThatLeadOutAreFound() {
        for (String way : List.of(
                "openat(AT_FDCWD</>, \"/etc/passwd\", O_RDONLY) = -1 ENOENT (No such file or directory)",
                "newfstatat(3<TREE/work>, \"../../out\", 0x7ffe, 0) = -1 ENOENT (No such file or directory)",
                "newfstatat(3<TREE/work>, \"absolute\", {st_mode=S_IFREG}, 0) = 0",
                "newfstatat(3<TREE/work>, \"absolute\", 0x7f, 0) = -1 EACCES (Permission denied)",
                "openat(3<TREE/work>, \"dots\", O_RDONLY) = -1 ENOENT (No such file or directory)",
                "stat(\"../out\", {st_mode=S_IFDIR}) = 0",
                "rename(\"TREE/a\", \"OUT/b\") = 0",
                "linkat(AT_FDCWD<TREE>, \"work/absolute\", AT_FDCWD<TREE>, \"x\", AT_SYMLINK_FOLLOW) = 0",
                "symlinkat(\"anything\", AT_FDCWD</>, \"tmp/link\") = 0",
                "bind(3<socket:[1]>, {sa_family=AF_UNIX, sun_path=\"/tmp/sock\"}, 110) = 0",
                "sendmsg(3<socket:[1]>, {msg_name={sa_family=AF_UNIX, sun_path=\"../out/s\"}, msg_namelen=9}, 0) = 1",
                "openat(AT_FDCWD<TREE>, \"/proc/self/root/etc/passwd\", O_RDONLY) = -1 EACCES (Permission denied)",
                "openat(AT_FDCWD<TREE>, \"/proc/self/cwd/../out\", O_RDONLY) = -1 EACCES (Permission denied)",
                "openat(AT_FDCWD<TREE>, \"/proc/self/exe\", O_RDONLY) = 3</opt/engine>",
                "openat(AT_FDCWD<TREE>, \"/proc/thread-self/root\", O_PATH) = -1 EACCES (Permission denied)",
                "openat2(3<OUT>, \"x\", {flags=O_RDONLY, resolve=RESOLVE_IN_ROOT}, 24) = -1 ENOENT (No such file)",
                "execve(\"/bin/sh\", [\"sh\"], []) = 0",
                "inotify_add_watch(3<anon_inode:inotify>, \"/etc\", IN_MODIFY) = 1",
                "fanotify_mark(3<anon_inode:x>, FAN_MARK_ADD, FAN_OPEN, AT_FDCWD</>, \"etc\") = 0",
                "openat(AT_FDCWD<TREE>, \"TREE/etc/passwd\", O_RDONLY) = 3</etc/passwd>")) {
            assertThat(findings("7 " + way)).as(way).isNotEmpty();
        }
    }

    @Test
    void theWorkingDirectoryIsFollowedIntoChildrenAndThreads() {
        assertThat(findings(
                        "7 chdir(\"TREE/work\") = 0",
                        "7 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD <unfinished ...>",
                        "8 access(\"../etc\", F_OK) = 0",
                        "7 <... clone resumed>, child_tidptr=0x7f) = 8",
                        "8 chdir(\"..\") = 0",
                        "7 access(\"../etc\", F_OK) = 0",
                        "7 clone3({flags=CLONE_VM|CLONE_FS|CLONE_THREAD, exit_signal=0}, 88) = 9",
                        "9 fchdir(4<TREE>) = 0"))
                .isEmpty();
        assertThat(findings(
                        "7 clone(flags=CLONE_FS) = 9",
                        "9 fchdir(4<TREE/etc>) = 0",
                        "7 access(\"../../out\", F_OK) = 0"))
                .hasSize(1);
    }

    @Test
    void descriptorsInProcAreThoseOfTheRecording() {
        assertThat(findings("7 bind(3<socket:[1]>, {sa_family=AF_UNIX, sun_path=\"/proc/self/fd/5/name\"}, 110) = 0"))
                .isEmpty();
        assertThat(findings(
                        "7 fstat(5<OUT>, {st_mode=S_IFDIR}) = 0",
                        "7 bind(3<socket:[1]>, {sa_family=AF_UNIX, sun_path=\"/proc/self/fd/5/name\"}, 110) = 0"))
                .hasSize(1);
    }

    @Test
    void callsThatMayNotSucceedAndCallsThatNobodyKnowsAreFound() {
        assertThat(findings("7 chroot(\"TREE\") = 0", "7 io_uring_setup(8, {flags=0}) = 3", "7 newcall(1) = 0"))
                .hasSize(3);
        assertThat(findings("7 io_uring_setup(8, {flags=0}) = -1 ENOSYS (Function not implemented)"))
                .isEmpty();
        assertThat(findings("strace: [ Process PID=7 runs in 32 bit mode. ]")).hasSize(1);
    }

    @Test
    void unusualNamesAreRead() {
        assertThat(ArgumentText.split("AT_FDCWD</a, b>, \"c, \\\"d\\\" \\303\\251\", {x=[1, 2], y=\"}\"}, 1<<2"))
                .containsExactly("AT_FDCWD</a, b>", "\"c, \\\"d\\\" \\303\\251\"", "{x=[1, 2], y=\"}\"}", "1<<2");
        assertThat(ArgumentText.string("\"\\303\\251\\n\\0\"")).contains("\u00c3\u00a9\n\0");
        assertThat(ArgumentText.annotation("3</a\\74b\\76>")).contains("/a<b>");
    }
}
