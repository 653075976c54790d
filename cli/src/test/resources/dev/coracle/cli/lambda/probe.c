/*
 * Tries what Lambda refuses and prints one line per attempt: a name and OK, an errno name, or the signal that ended the
 * child. Every attempt has a child of its own, because a refusal may be deadly.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

static void outcome(const char *name, long result)
{
	int error = result < 0 ? errno : 0;
	const char *word = strerrorname_np(error);

	printf("%s %s\n", name, error == 0 ? "OK" : word);
	fflush(stdout);
	_exit(0);
}

static void reap(const char *name, pid_t child)
{
	int status = 0;

	waitpid(child, &status, 0);
	if (WIFSIGNALED(status))
		printf("%s SIG%s\n", name, sigabbrev_np(WTERMSIG(status)));
	fflush(stdout);
}

#define TRY(name, call)                        \
	do {                                   \
		pid_t child = fork();          \
		if (child == 0)                \
			outcome(name, (call)); \
		reap(name, child);             \
	} while (0)

static long clone_with(unsigned long flags)
{
	long child = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);

	if (child == 0)
		_exit(0);
	return child;
}

static long compat_getpid(void)
{
#if defined(__x86_64__)
	long result = 20;

	__asm__ volatile("int $0x80" : "+a"(result) : : "memory");
	return result;
#else
	raise(SIGSYS);
	return 0;
#endif
}

static void refused_calls(void)
{
	char buffer[256] = {0};

	TRY("ptrace", syscall(SYS_ptrace, 0, 0, 0, 0));
	TRY("seccomp", syscall(SYS_seccomp, 2, 0, buffer));
	TRY("prctl-no-new-privs", syscall(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	TRY("prctl-seccomp", syscall(SYS_prctl, PR_SET_SECCOMP, 2, buffer, 0, 0));
	TRY("prctl-name", syscall(SYS_prctl, PR_SET_NAME, "x", 0, 0, 0));
	TRY("prctl-name-high-bits", syscall(SYS_prctl, 1L << 32 | PR_SET_NAME, "x", 0, 0, 0));
	TRY("prctl-pdeathsig", syscall(SYS_prctl, PR_SET_PDEATHSIG, 9, 0, 0, 0));
	TRY("prctl-get-name", syscall(SYS_prctl, PR_GET_NAME, buffer, 0, 0, 0));
	TRY("chroot", syscall(SYS_chroot, "/tmp"));
	TRY("pivot_root", syscall(SYS_pivot_root, "/tmp", "/tmp"));
	TRY("mount", syscall(SYS_mount, "tmpfs", "/tmp", "tmpfs", 0, 0));
	TRY("umount2", syscall(SYS_umount2, "/tmp", 0));
	TRY("fsopen", syscall(SYS_fsopen, "tmpfs", 0));
	TRY("fsmount", syscall(SYS_fsmount, -1, 0, 0));
	TRY("open_tree", syscall(SYS_open_tree, -1, "/tmp", 0));
	TRY("move_mount", syscall(SYS_move_mount, -1, "", -1, "", 0));
	TRY("unshare", syscall(SYS_unshare, 0));
	TRY("unshare-user", syscall(SYS_unshare, CLONE_NEWUSER));
	TRY("setns", syscall(SYS_setns, -1, 0));
	TRY("clone", clone_with(0));
	TRY("clone-newns", clone_with(CLONE_NEWNS));
	TRY("clone-newcgroup", clone_with(CLONE_NEWCGROUP));
	TRY("clone-newuts", clone_with(CLONE_NEWUTS));
	TRY("clone-newipc", clone_with(CLONE_NEWIPC));
	TRY("clone-newuser", clone_with(CLONE_NEWUSER));
	TRY("clone-newuser-newns", clone_with(CLONE_NEWUSER | CLONE_NEWNS));
	TRY("clone-newpid", clone_with(CLONE_NEWPID));
	TRY("clone-newnet", clone_with(CLONE_NEWNET));
	TRY("clone3", syscall(SYS_clone3, buffer, 88));
	TRY("mknod-character", syscall(SYS_mknodat, AT_FDCWD, "/tmp/c", S_IFCHR | 0600, makedev(1, 3)));
	TRY("mknod-whiteout", syscall(SYS_mknodat, AT_FDCWD, "/tmp/w", S_IFCHR | 0600, 0));
	TRY("mknod-block", syscall(SYS_mknodat, AT_FDCWD, "/tmp/b", S_IFBLK | 0600, makedev(7, 0)));
	TRY("mknod-fifo", syscall(SYS_mknodat, AT_FDCWD, "/tmp/fifo", S_IFIFO | 0600, 0));
	TRY("mknod-file", syscall(SYS_mknodat, AT_FDCWD, "/tmp/file", S_IFREG | 0600, 0));
	TRY("bpf", syscall(SYS_bpf, 0, buffer, sizeof(buffer)));
	TRY("perf_event_open", syscall(SYS_perf_event_open, buffer, 0, -1, -1, 0));
	TRY("userfaultfd", syscall(SYS_userfaultfd, 1));
	TRY("io_uring_setup", syscall(SYS_io_uring_setup, 1, buffer));
	TRY("io_uring_enter", syscall(SYS_io_uring_enter, -1, 0, 0, 0, 0, 0));
	TRY("io_uring_register", syscall(SYS_io_uring_register, -1, 0, 0, 0));
	TRY("keyctl", syscall(SYS_keyctl, 0, -3, 0));
	TRY("add_key", syscall(SYS_add_key, "user", "k", "v", 1, -3));
	TRY("request_key", syscall(SYS_request_key, "user", "k", 0, 0));
	TRY("setuid-0", setuid(0));
	TRY("int-0x80", compat_getpid());
}

static void limit(const char *name, int which)
{
	struct rlimit limit = {0};

	getrlimit(which, &limit);
	printf("%s %lu %lu\n", name, (unsigned long)limit.rlim_cur, (unsigned long)limit.rlim_max);
	limit.rlim_max++;
	TRY("raise", setrlimit(which, &limit));
}

static int shown(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void folder(const char *path)
{
	struct dirent **names = NULL;
	int count = scandir(path, &names, shown, alphasort);

	printf("%s", path);
	for (int i = 0; i < count; i++)
		printf(" %s", names[i]->d_name);
	printf("\n");
}

static void writable(const char *path)
{
	char file[128];

	snprintf(file, sizeof(file), "%s/probe", path);
	printf("write %s %s\n", path, open(file, O_CREAT | O_WRONLY, 0600) >= 0 ? "yes" : "no");
}

static void fill_tmp(void)
{
	static char block[65536];
	int file = open("/tmp/fill", O_CREAT | O_WRONLY, 0600);
	unsigned long total = 0;
	ssize_t count = 0;
	struct statvfs size = {0};

	statvfs("/tmp", &size);
	printf("tmp-bytes %lu\n", (unsigned long)(size.f_blocks * size.f_frsize));
	while ((count = write(file, block, sizeof(block))) > 0)
		total += (unsigned long)count;
	printf("tmp-full %s after-most %d\n", strerrorname_np(errno), total > size.f_blocks * size.f_frsize * 9 / 10);
	unlink("/tmp/fill");
}

int main(void)
{
	static const char *const places[] = {"/", "/dev", "/etc", "/home", "/opt", "/proc", "/tmp", "/usr",
		"/var", "/var/lang", "/var/runtime", "/var/task", "/var/tmp", "/run"};

	/* Outside a sandbox the attempts would succeed, and some of them hurt. */
	if (getuid() != 993) {
		fprintf(stderr, "probe: for the sandbox of the local Lambda only\n");
		return 1;
	}
	refused_calls();
	limit("nofile", RLIMIT_NOFILE);
	limit("nproc", RLIMIT_NPROC);
	folder("/dev");
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		writable(places[i]);
	printf("user %d %d groups %d\n", (int)getuid(), (int)getgid(), getgroups(0, NULL));
	fill_tmp();
	return 0;
}
