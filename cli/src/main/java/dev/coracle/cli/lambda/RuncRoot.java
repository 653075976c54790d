package dev.coracle.cli.lambda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * The root folder of the containers: empty mount points, the few files of {@code /etc} that a Java process looks at,
 * and Lambda's user, whose home folder does not exist.
 *
 * @param path the root folder
 * @param devices the folder for {@code /dev}, one empty file per device
 * @param shared folders of this machine that are mounted read-only at the same place
 */
record RuncRoot(Path path, Path devices, List<Path> shared) {
    private static final List<String> MOUNT_POINTS =
            List.of("proc", "dev", "tmp", "opt", "home", "var/task", "var/runtime", "var/lang", "etc");

    private static final List<String> SYSTEM = List.of("/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32");

    private static final List<String> SETTINGS_FOLDERS = List.of("/etc/ssl", "/etc/pki", "/etc/ca-certificates");

    private static final List<String> SETTINGS_FILES = List.of(
            "/etc/ld.so.cache",
            "/etc/nsswitch.conf",
            "/etc/hosts",
            "/etc/resolv.conf",
            "/etc/localtime",
            "/etc/services");

    static RuncRoot create(ScratchFolder scratch) throws IOException {
        Path root = scratch.folder("root");
        for (String folder : MOUNT_POINTS) {
            ScratchFolder.openFolder(root.resolve(folder));
        }
        // runc gives the tmpfs the mode of its mount point, whatever the mount options say.
        Files.setAttribute(root.resolve("tmp"), "unix:mode", 01777);
        List<Path> shared = new ArrayList<>();
        for (String name : SYSTEM) {
            addSystemFolder(Path.of(name), root, shared);
        }
        for (Path folder : settingsFolders()) {
            ScratchFolder.openFolder(inside(root, folder));
            shared.add(folder);
        }
        for (String name : SETTINGS_FILES) {
            if (Files.isReadable(Path.of(name))) {
                writeFile(inside(root, Path.of(name)), Files.readAllBytes(Path.of(name)));
            }
        }
        String user =
                "sbx_user1051:x:" + RuncConfig.USER + ":" + RuncConfig.GROUP + "::/home/sbx_user1051:/sbin/nologin\n";
        writeFile(
                root.resolve("etc/passwd"),
                ("root:x:0:0:root:/root:/bin/sh\n" + user).getBytes(StandardCharsets.UTF_8));
        writeFile(
                root.resolve("etc/group"),
                ("root:x:0:\nsbx_user1051:x:" + RuncConfig.GROUP + ":\n").getBytes(StandardCharsets.UTF_8));
        Path devices = scratch.folder("dev");
        for (String device : RuncConfig.devices()) {
            writeFile(devices.resolve(device), new byte[0]);
        }
        return new RuncRoot(root, devices, List.copyOf(shared));
    }

    /** On most machines {@code /bin} and its like are links into {@code /usr}; such a link is made, not followed. */
    private static void addSystemFolder(Path folder, Path root, List<Path> shared) throws IOException {
        if (Files.isSymbolicLink(folder)) {
            Files.createSymbolicLink(inside(root, folder), Files.readSymbolicLink(folder));
        } else if (Files.isDirectory(folder)) {
            ScratchFolder.openFolder(inside(root, folder));
            shared.add(folder);
        }
    }

    /** Certificates, and what Debian's JDKs keep outside their home. */
    private static List<Path> settingsFolders() throws IOException {
        List<Path> folders = new ArrayList<>();
        for (String name : SETTINGS_FOLDERS) {
            if (Files.isDirectory(Path.of(name))) {
                folders.add(Path.of(name));
            }
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(Path.of("/etc"), "java-*")) {
            found.forEach(folders::add);
        }
        return folders;
    }

    private static Path inside(Path root, Path absolute) {
        return root.resolve(Path.of("/").relativize(absolute));
    }

    private static void writeFile(Path file, byte[] content) throws IOException {
        Files.write(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }
}
