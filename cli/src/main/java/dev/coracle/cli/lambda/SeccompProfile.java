package dev.coracle.cli.lambda;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Lambda's system call filter as far as it is known, in the form of the OCI runtime specification: everything is
 * allowed but the calls here. Calls of another architecture kill the caller, because only the native one is listed.
 */
final class SeccompProfile {
    private static final int EPERM = 1;
    private static final int ENOSYS = 38;
    private static final long FILE_TYPE = 0170000;
    private static final long CHARACTER_DEVICE = 0020000;
    private static final long BLOCK_DEVICE = 0060000;
    private static final long INT_BITS = 0xffff_ffffL;

    /** PR_SET_PDEATHSIG, PR_SET_NAME, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS of linux/prctl.h. */
    private static final List<Long> PRCTL_OPTIONS = List.of(1L, 15L, 22L, 38L);

    /** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET of linux/sched.h. */
    private static final List<Long> NAMESPACE_FLAGS =
            List.of(0x20000L, 0x2000000L, 0x4000000L, 0x8000000L, 0x10000000L, 0x20000000L, 0x40000000L);

    private static final List<String> REFUSED = List.of(
            "ptrace",
            "seccomp",
            "chroot",
            "pivot_root",
            "mount",
            "umount",
            "umount2",
            "fsopen",
            "fsconfig",
            "fsmount",
            "fspick",
            "move_mount",
            "open_tree",
            "mount_setattr",
            "unshare",
            "setns",
            "bpf",
            "perf_event_open",
            "userfaultfd",
            "io_uring_setup",
            "io_uring_enter",
            "io_uring_register",
            "keyctl",
            "add_key",
            "request_key");

    private SeccompProfile() {}

    /** The {@code linux.seccomp} object for a machine with this {@code os.arch}. */
    static Map<String, Object> of(String machine) {
        List<Map<String, Object>> rules = new ArrayList<>();
        rules.add(refusal(REFUSED, EPERM));
        // Its flags are in memory, where no filter can look; libraries fall back to clone.
        rules.add(refusal(List.of("clone3"), ENOSYS));
        PRCTL_OPTIONS.forEach(option -> rules.add(refusal("prctl", 0, INT_BITS, option)));
        NAMESPACE_FLAGS.forEach(flag -> rules.add(refusal("clone", 0, flag, flag)));
        for (long device : new long[] {CHARACTER_DEVICE, BLOCK_DEVICE}) {
            rules.add(refusal("mknod", 1, FILE_TYPE, device));
            rules.add(refusal("mknodat", 2, FILE_TYPE, device));
        }
        String architecture = machine.equals("aarch64") ? "SCMP_ARCH_AARCH64" : "SCMP_ARCH_X86_64";
        return Map.of("defaultAction", "SCMP_ACT_ALLOW", "architectures", List.of(architecture), "syscalls", rules);
    }

    private static Map<String, Object> refusal(List<String> names, int errno) {
        return Map.of("names", names, "action", "SCMP_ACT_ERRNO", "errnoRet", errno);
    }

    /** Refuses a call whose argument {@code index}, seen through {@code mask}, is {@code value}. */
    private static Map<String, Object> refusal(String name, int index, long mask, long value) {
        Map<String, Object> argument =
                Map.of("index", index, "value", mask, "valueTwo", value, "op", "SCMP_CMP_MASKED_EQ");
        return Map.of("names", List.of(name), "action", "SCMP_ACT_ERRNO", "errnoRet", EPERM, "args", List.of(argument));
    }
}
