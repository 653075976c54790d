/*
 * Calls that could go around whoever looks at the paths of the usual ones, or
 * change what these mean. Each is either done, or refused; what it must not do
 * is to show what only the host has, or to say that it has done what it has
 * not.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "words.h"

#ifndef SYS_statmount
#define SYS_statmount 457
#define SYS_listmount 458
#endif
#ifndef SYS_mseal
#define SYS_mseal 462
#endif

static const char *host_only;

static void say(const char *what, int wrong)
{
	printf("%s: %s\n", what, wrong ? "WRONG" : "as it should be");
}

/* A ring's own way to open a file; -1 where there is no ring. */
static int open_by_ring(int ring, struct io_uring_params *parameters, int opcode, const char *path)
{
	static struct open_how how = {.flags = O_RDONLY};
	char *queue = mmap(NULL, parameters->sq_off.array + parameters->sq_entries * 4,
		PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	struct io_uring_sqe *entries = mmap(NULL, parameters->sq_entries * sizeof(*entries),
		PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
	char *done = mmap(NULL,
		parameters->cq_off.cqes + parameters->cq_entries * sizeof(struct io_uring_cqe),
		PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_CQ_RING);
	unsigned tail;

	if (queue == MAP_FAILED || entries == MAP_FAILED || done == MAP_FAILED)
		return -1;
	tail = *(unsigned *)(void *)(queue + parameters->sq_off.tail);
	memset(entries, 0, sizeof(*entries));
	entries->opcode = (unsigned char)opcode;
	entries->fd = AT_FDCWD;
	entries->addr = (unsigned long)path;
	if (opcode == IORING_OP_OPENAT2) {
		entries->len = sizeof(how);
		entries->off = (unsigned long)&how;
	}
	((unsigned *)(void *)(queue +
			      parameters->sq_off.array))[tail & (parameters->sq_entries - 1)] = 0;
	__atomic_store_n(
		(unsigned *)(void *)(queue + parameters->sq_off.tail), tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
		return -1;
	unsigned head = *(unsigned *)(void *)(done + parameters->cq_off.head);
	const struct io_uring_cqe *cqe = (const void *)(done + parameters->cq_off.cqes);

	return cqe[head & (parameters->cq_entries - 1)].res;
}

static void ring(void)
{
	static const int opcodes[] = {IORING_OP_OPENAT, IORING_OP_OPENAT2};

	for (int i = 0; i < 2; i++) {
		struct io_uring_params parameters;

		memset(&parameters, 0, sizeof(parameters));
		int made = (int)syscall(SYS_io_uring_setup, 4, &parameters);

		say(i == 0 ? "openat" : "openat2",
			made >= 0 && open_by_ring(made, &parameters, opcodes[i], host_only) >= 0);
		if (made < 0 && errno != ENOSYS && errno != EPERM)
			printf("setup: %s\n", strerror(errno));
		close(made);
	}
}

/* A ring that somebody else has made, in descriptor 9, whose requests the
 * kernel takes without being called. */
static void inherited(void)
{
	struct io_uring_params parameters;

	memset(&parameters, 0, sizeof(parameters));
	parameters.flags = IORING_SETUP_SQPOLL;
	/* The same numbers as the ring's: the kernel tells them only when it makes
	 * one. */
	printf("enter: %s\n",
		syscall(SYS_io_uring_enter, 9, 0, 0, 0, NULL, 0) < 0 ? strerror(errno) : "worked");
	printf("its entries: %s\n", mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, 9,
					    IORING_OFF_SQES) == MAP_FAILED
					    ? strerror(errno)
					    : "mapped");
}

/* Not a guest: makes the ring, for the command that follows. */
static void make_ring(char **command)
{
	struct io_uring_params parameters;

	memset(&parameters, 0, sizeof(parameters));
	parameters.flags = IORING_SETUP_SQPOLL;
	int made = (int)syscall(SYS_io_uring_setup, 4, &parameters);

	if (made >= 0 && dup2(made, 9) == 9)
		execv(command[0], command);
	perror(command[0]);
}

/* Numbers that no kernel has yet: the path in each argument is nobody's
 * business. */
static void unknown(void)
{
	int answered = 0;

	for (long number = 500; number < 1300; number++)
		answered += syscall(number, host_only, host_only, host_only, 0, 0, 0) != -1 ||
			    errno != ENOSYS;
	for (long number = -20; number < 0; number++)
		answered += syscall(number, host_only, host_only, host_only, 0, 0, 0) != -1 ||
			    errno != ENOSYS;
	printf("answered otherwise: %d\n", answered);
	/* The kernel reads half of the register only. */
	say("open, with more in the number's upper half",
		syscall(SYS_open + (1L << 40), host_only, O_RDONLY) >= 0);
	printf("access, with more in the number's upper half: %s\n",
		word(syscall(SYS_access - (1L << 40), "/etc/passwd", R_OK)));
}

/* A root that is said to be another one is another one. */
static void roots(void)
{
	int status;

	mkdir("/work/cage", 0755);
	mkdir("/work/cage/inside", 0755);
	mkdir("/work/cage/old", 0755);
	for (int way = 0; way < 2; way++) {
		pid_t pid = fork();

		if (pid == 0) {
			long done =
				way == 0 ? chroot("/work/cage")
					 : syscall(SYS_pivot_root, "/work/cage", "/work/cage/old");

			if (done < 0)
				_exit(errno != EPERM && errno != ENOSYS && errno != EINVAL &&
					errno != EBUSY);
			_exit(access("/inside", F_OK) < 0 || access("/etc/passwd", F_OK) == 0);
		}
		waitpid(pid, &status, 0);
		say(way == 0 ? "chroot" : "pivot_root", status != 0);
	}
	say("chroot to a file", chroot("/etc/passwd") == 0);
	say("chroot to nothing", chroot("/none") == 0);
	say("chroot to the host", chroot(strcat(strcpy((char[4200]){0}, host_only), "/..")) == 0);
}

static void mounts(void)
{
	mkdir("/work/point", 0755);
	mkdir("/work/made", 0755);
	close(open("/work/made/here", O_CREAT | O_WRONLY, 0644));
	say("mount --bind", mount("/work/made", "/work/point", NULL, MS_BIND, NULL) == 0 &&
				    access("/work/point/here", F_OK) < 0);
	umount2("/work/point", MNT_DETACH);
	say("tmpfs", mount("none", "/work/made", "tmpfs", 0, NULL) == 0 &&
			     access("/work/made/here", F_OK) == 0);
	umount2("/work/made", MNT_DETACH);
	say("mount of the host's", mount(host_only, "/work/made/here", NULL, MS_BIND, NULL) == 0);
	int tree = (int)syscall(SYS_open_tree, AT_FDCWD, host_only, 0);

	say("open_tree", tree >= 0);
	tree = (int)syscall(SYS_open_tree, AT_FDCWD, host_only, OPEN_TREE_CLONE);
	say("open_tree of a copy", tree >= 0);
	say("fspick", syscall(SYS_fspick, AT_FDCWD, host_only, 0) >= 0);
	say("move_mount",
		syscall(SYS_move_mount, AT_FDCWD, host_only, AT_FDCWD, "/work/point", 0) == 0);
	say("mount_setattr", syscall(SYS_mount_setattr, AT_FDCWD, host_only, 0, NULL, 0) == 0);
	say("swapon", syscall(SYS_swapon, host_only, 0) == 0);
	say("acct", syscall(SYS_acct, host_only) == 0);
}

/* The kernel's table of mounts by number instead of as a file. */
static void mounts_by_number(void)
{
	struct {
		unsigned size, spare;
		unsigned long id, parameter, space;
	} request = {24, 0, 0xffffffffffffffffUL, 0, 0};
	static unsigned long ids[256];
	static char text[65536];
	char *directory = strdup(host_only);
	long count = syscall(SYS_listmount, &request, ids, 256, 0);

	*strrchr(directory, '/') = '\0';
	*strrchr(directory, '/') = '\0';
	int told = 0;

	for (long i = 0; i < count; i++) {
		request.id = ids[i];
		request.parameter = 0x18; /* STATMOUNT_MNT_ROOT | STATMOUNT_MNT_POINT */
		if (syscall(SYS_statmount, &request, text, sizeof(text), 0) == 0)
			told += memmem(text, sizeof(text), directory, strlen(directory)) != NULL;
	}
	say("listmount and statmount", told > 0);
}

/* Namespaces: made, or refused; never a success that makes none. */
static void namespaces(void)
{
	static const struct {
		const char *name;
		int flag;
		const char *link;
	} kinds[] = {{"mnt", CLONE_NEWNS, "/proc/self/ns/mnt"},
		{"uts", CLONE_NEWUTS, "/proc/self/ns/uts"},
		{"ipc", CLONE_NEWIPC, "/proc/self/ns/ipc"},
		{"net", CLONE_NEWNET, "/proc/self/ns/net"},
		{"user", CLONE_NEWUSER, "/proc/self/ns/user"},
		{"cgroup", CLONE_NEWCGROUP, "/proc/self/ns/cgroup"}};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		for (int way = 0; way < 3; way++) {
			char before[100] = "";
			char now[100] = "";
			int status;

			(void)!readlink(kinds[i].link, before, sizeof(before) - 1);
			struct clone_args how = {
				.exit_signal = SIGCHLD, .flags = (unsigned)kinds[i].flag};
			pid_t pid = (pid_t)(way == 0   ? fork()
					    : way == 1 ? syscall(SYS_clone3, &how, sizeof(how))
						       : syscall(SYS_clone, kinds[i].flag | SIGCHLD,
								 0, 0, 0, 0));

			if (pid == 0) {
				int done = way == 0 ? unshare(kinds[i].flag) : 0;

				(void)!readlink(kinds[i].link, now, sizeof(now) - 1);
				_exit(done == 0 && strcmp(before, now) == 0);
			}
			if (pid > 0)
				waitpid(pid, &status, 0);
			printf("%s, way %d: %s\n", kinds[i].name, way,
				pid > 0 && status != 0 ? "PRETENDED" : "made or refused");
		}
	}
}

/* A handle of a file is good for a file system, not for a tree. */
static void handles(void)
{
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} name;
	int mount;
	struct stat of_handle;
	struct stat of_path;

	name.handle.handle_bytes = MAX_HANDLE_SZ;
	say("handle of the host's",
		name_to_handle_at(AT_FDCWD, host_only, &name.handle, &mount, 0) == 0);
	name.handle.handle_bytes = MAX_HANDLE_SZ;
	printf("handle of one's own: %s\n",
		name_to_handle_at(AT_FDCWD, "/work/script", &name.handle, &mount, 0) == 0
			? "told"
			: strerror(errno));
	int directory = open("/work", O_RDONLY);
	int file = open_by_handle_at(directory, &name.handle, O_RDONLY);

	say("open by handle",
		file >= 0 && (fstat(file, &of_handle) < 0 || stat("/work/script", &of_path) < 0 ||
				     of_handle.st_ino != of_path.st_ino));
}

static void watches(void)
{
	int group = fanotify_init(FAN_CLASS_NOTIF | FAN_REPORT_FID, O_RDONLY);

	say("fanotify_mark", group >= 0 && fanotify_mark(group, FAN_MARK_ADD, FAN_OPEN, AT_FDCWD,
						   host_only) == 0);
	int classic = fanotify_init(FAN_CLASS_NOTIF, O_RDONLY);

	say("fanotify_mark, classic", classic >= 0 && fanotify_mark(classic, FAN_MARK_ADD, FAN_OPEN,
							      AT_FDCWD, host_only) == 0);
	printf("fanotify of one's own: %s\n",
		group < 0 ? "none"
		: fanotify_mark(group, FAN_MARK_ADD, FAN_OPEN, AT_FDCWD, "/work") == 0
			? "watched"
			: strerror(errno));
	say("quotactl", syscall(SYS_quotactl, 0x800007, host_only, 0, NULL) == 0);
}

/* Young calls without a path do what they do. */
static void young(void)
{
	char *memory = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct {
		unsigned long offset, length;
	} range = {0, 4096};
	unsigned long cache[5];
	int file = open("/etc/passwd", O_RDONLY);
	int pidfd = (int)syscall(SYS_pidfd_open, getpid(), 0);
	struct iovec piece = {memory, 4096};
	long secret;

	memory[0] = 1;
	printf("cachestat: %s\n", word(syscall(451, file, &range, cache, 0)));
	printf("process_madvise: %s\n",
		word(syscall(SYS_process_madvise, pidfd, &piece, 1, MADV_COLD, 0)));
	printf("pidfd_send_signal: %s\n", word(syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0)));
	secret = syscall(SYS_memfd_secret, 0);
	printf("memfd_secret: %s\n", word(secret));
	printf("userfaultfd: %s\n", word(syscall(SYS_userfaultfd, O_CLOEXEC | 1)));
	printf("membarrier: %s\n", word(syscall(SYS_membarrier, 0, 0, 0)));
	printf("mseal: %s\n", word(syscall(SYS_mseal, memory, 4096, 0)));
	printf("change of what is sealed: %s\n", word(mprotect(memory, 4096, PROT_READ)));
	printf("unmapping it: %s\n", word(munmap(memory, 8192)));
	printf("landlock: %s\n", word(syscall(SYS_landlock_create_ruleset, NULL, 0, 1)));
	printf("futex_waitv: %s\n", word(syscall(SYS_futex_waitv, NULL, 0, 0, NULL, 0)));
	printf("rseq: %s\n", word(syscall(SYS_rseq, 8, 32, 0, 0)));
}

int main(int count, char **arguments)
{
	const struct {
		const char *name;
		void (*run)(void);
	} parts[] = {{"ring", ring}, {"inherited", inherited}, {"unknown", unknown},
		{"roots", roots}, {"mounts", mounts}, {"numbers", mounts_by_number},
		{"handles", handles}, {"namespaces", namespaces}, {"watches", watches},
		{"young", young}};

	host_only = getenv("HOST_ONLY");
	for (size_t i = 0; count > 1 && i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(arguments[1], parts[i].name) == 0)
			parts[i].run();
	}
	if (count > 2 && strcmp(arguments[1], "make-ring") == 0)
		make_ring(arguments + 2);
	return 0;
}
