package dev.coracle.engines.audit;

import java.util.OptionalInt;
import java.util.Set;

/**
 * Where a system call takes a path.
 *
 * @param directory the argument with the descriptor a relative path starts from; empty for the working directory
 * @param path the argument with the path
 * @param follow what happens to a symbolic link at its end
 */
record PathArgument(OptionalInt directory, int path, Follow follow) {
    /** What they make or take away is a name. */
    private static final Set<String> ABOUT_NAMES = Set.of(
            "mkdir",
            "mkdirat",
            "mknod",
            "mknodat",
            "symlink",
            "symlinkat",
            "link",
            "linkat",
            "unlink",
            "unlinkat",
            "rmdir");

    /** Whether the kernel follows a symbolic link at the end of the path. */
    sealed interface Follow {
        /** Always. */
        record Yes() implements Follow {}

        /** Never. */
        record No() implements Follow {}

        /** Unless a flag in that argument forbids it. */
        record Unless(int flags) implements Follow {}

        /** Only if a flag in that argument asks for it. */
        record If(int flags) implements Follow {}

        /** As a {@code struct open_how} says. */
        record How(int struct) implements Follow {}

        static Follow parse(String text) {
            int equals = text.indexOf('=');
            int argument = equals < 0 ? -1 : Integer.parseInt(text.substring(equals + 1));
            return switch (equals < 0 ? text : text.substring(0, equals)) {
                case "yes" -> new Yes();
                case "no" -> new No();
                case "unless" -> new Unless(argument);
                case "if" -> new If(argument);
                case "how" -> new How(argument);
                default -> throw new IllegalArgumentException("not a way to follow: " + text);
            };
        }
    }

    /** Reads {@code DIRFD:PATH:FOLLOW}. */
    static PathArgument parse(String text) {
        String[] parts = text.split(":", 3);
        OptionalInt directory = parts[0].equals("-") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(parts[0]));
        return new PathArgument(directory, Integer.parseInt(parts[1]), Follow.parse(parts[2]));
    }

    boolean follows(TracedCall call) {
        return switch (follow) {
            case Follow.Yes() -> true;
            case Follow.No() -> false;
            case Follow.Unless(int flags) -> !stopsAtLink(call.argument(flags));
            case Follow.If(int flags) -> call.argument(flags).contains("SYMLINK_FOLLOW");
            case Follow.How(int struct) -> !stopsAtLink(call.argument(struct));
        };
    }

    private static boolean stopsAtLink(String flags) {
        return flags.contains("NOFOLLOW")
                || flags.contains("DONT_FOLLOW")
                || flags.contains("RESOLVE_NO_SYMLINKS")
                || (flags.contains("O_CREAT") && flags.contains("O_EXCL"));
    }

    /** Says whether the call is about a name and gets the root, which has none: the kernel refuses that before it looks for anything. */
    boolean namesTheRoot(TracedCall call) {
        return ABOUT_NAMES.contains(call.name())
                && ArgumentText.string(call.argument(path)).filter("/"::equals).isPresent()
                && !call.succeeded();
    }

    /** Says whether the kernel itself keeps this path below the directory it starts from. */
    boolean keptByKernel(TracedCall call) {
        return follow instanceof Follow.How(int struct)
                && (call.argument(struct).contains("RESOLVE_IN_ROOT")
                        || call.argument(struct).contains("RESOLVE_BENEATH"));
    }
}
