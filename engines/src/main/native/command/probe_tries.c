#include "command/probe_tries.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/filter.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <linux/personality.h>
#include <linux/prctl.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/signal.h>
#include <linux/wait.h>
#include <asm/unistd.h>

#include "base/mem.h"
#include "base/sys.h"
#include "base/text.h"
#include "syscall.h"

/* Calls that are made nowhere else, as they are: of most of them only the refusal matters. */
static long call(long number, long a, long b, long c, long d, long e)
{
	return raw_syscall(number, a, b, c, d, e, 0);
}

enum { COPY_BYTES = 4096, RING_PARAMETERS = 120 };

static char *const answering[] = {"coracle-engine", "probe", PROBE_ANSWER, NULL};
static char *const nothing[] = {NULL};

static long write_file(const char *path, const char *content)
{
	long file = sys_openat(AT_FDCWD, path, O_WRONLY | O_CLOEXEC, 0);
	long written = file < 0 ? file : sys_write((int)file, content, strlen(content));

	if (file >= 0)
		sys_close((int)file);
	return written < 0 ? written : 0;
}

/* In a namespace that this process has just made: root inside is who it was outside. */
static long map_self(const char *path, long id)
{
	char bytes[64];
	struct text row = text_in(bytes, sizeof(bytes));

	text_add(&row, "0 ");
	text_add_number(&row, id);
	text_add(&row, " 1");
	return write_file(path, row.at);
}

static long enter_namespaces(unsigned long kinds)
{
	long user = sys_getuid();
	long group = sys_getgid();
	long error = call(__NR_unshare, (long)(CLONE_NEWUSER | kinds), 0, 0, 0, 0);

	if (error == 0)
		error = map_self("/proc/self/uid_map", user);
	if (error == 0)
		error = write_file("/proc/self/setgroups", "deny");
	if (error == 0)
		error = map_self("/proc/self/gid_map", group);
	return error;
}

static long try_user_namespaces(const struct probe_place *place)
{
	(void)place;
	return enter_namespaces(0);
}

/* Waits for a child; what it ended with is the answer. */
static long answer_of(long child)
{
	int status = 0;

	if (child < 0)
		return child;
	while (sys_wait4((int)child, &status, __WALL) == -EINTR)
		;
	return (status & 0x7f) != 0 ? -EINTR : -(status >> 8 & 0xff);
}

/* What a container of runc's kind begins with: a /proc of its own. */
static long try_container(const struct probe_place *place)
{
	long error = enter_namespaces(CLONE_NEWNS | CLONE_NEWPID);
	long child = error < 0 ? error : sys_fork();

	if (child != 0)
		return answer_of(child);
	error = call(__NR_mount, (long)"tmpfs", (long)place->directory, (long)"tmpfs", 0, 0);
	if (error == 0)
		error = call(__NR_mount, (long)"proc", (long)"/proc", (long)"proc", 0, 0);
	sys_exit_group((int)-error);
}

/* In a mount namespace, so that nothing is ever mounted where others see it. */
static long try_mount(const struct probe_place *place)
{
	long error = call(__NR_unshare, CLONE_NEWNS, 0, 0, 0, 0);

	if (error == 0)
		error = call(__NR_mount, (long)"none", (long)"/", 0, MS_REC | MS_PRIVATE, 0);
	if (error == 0)
		error = call(
			__NR_mount, (long)"tmpfs", (long)place->directory, (long)"tmpfs", 0, 0);
	return error;
}

static long try_chroot(const struct probe_place *place)
{
	return call(__NR_chroot, (long)place->directory, 0, 0, 0, 0);
}

static long try_ptrace(const struct probe_place *place)
{
	long child = sys_fork();
	long error;

	(void)place;
	if (child == 0) {
		for (;;)
			call(__NR_ppoll, 0, 0, 0, 0, 0);
	}
	if (child < 0)
		return child;
	error = sys_ptrace(PTRACE_SEIZE, (int)child, 0, NULL);
	if (error == 0)
		error = sys_ptrace(PTRACE_INTERRUPT, (int)child, 0, NULL);
	sys_kill((int)child, SIGKILL);
	(void)answer_of(child);
	return error;
}

static long try_no_new_privileges(const struct probe_place *place)
{
	(void)place;
	return sys_prctl(PR_SET_NO_NEW_PRIVS, 1, 0);
}

/* A filter that lets everything pass. Without rights it needs the promise first. */
static long filter(unsigned flags)
{
	struct sock_filter code = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog program = {.len = 1, .filter = &code};
	long result = sys_seccomp(SECCOMP_SET_MODE_FILTER, flags, &program);

	if (result != -EACCES)
		return result;
	result = sys_prctl(PR_SET_NO_NEW_PRIVS, 1, 0);
	return result < 0 ? result : sys_seccomp(SECCOMP_SET_MODE_FILTER, flags, &program);
}

static long try_filter(const struct probe_place *place)
{
	(void)place;
	return filter(0);
}

static long try_notification(const struct probe_place *place)
{
	(void)place;
	return filter(SECCOMP_FILTER_FLAG_NEW_LISTENER);
}

static long try_openat2(const struct probe_place *place)
{
	struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT};

	(void)place;
	return call(__NR_openat2, AT_FDCWD, (long)".", (long)&how, sizeof(how), 0);
}

/* This very program into a file that is open for writing. */
static long copy_self(int to)
{
	char bytes[COPY_BYTES];
	long self = sys_openat(AT_FDCWD, "/proc/self/exe", O_RDONLY | O_CLOEXEC, 0);
	long got = self;

	while (got >= 0 && (got = sys_read((int)self, bytes, sizeof(bytes))) > 0) {
		long written = sys_write(to, bytes, (size_t)got);

		if (written != got)
			return written < 0 ? written : -ENOSPC;
	}
	return got;
}

static long try_memory_program(const struct probe_place *place)
{
	long file = sys_memfd_create("coracle-probe", 0);
	long error = file < 0 ? file : copy_self((int)file);

	(void)place;
	if (error < 0)
		return error;
	return call(__NR_execveat, file, (long)"", (long)answering, (long)nothing, AT_EMPTY_PATH);
}

static long try_directory_program(const struct probe_place *place)
{
	long file =
		sys_openat(AT_FDCWD, place->file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
	long error = file < 0 ? file : copy_self((int)file);

	if (file >= 0)
		sys_close((int)file);
	return error < 0 ? error : sys_execve(place->file, answering, nothing);
}

static long try_personality(const struct probe_place *place)
{
	(void)place;
	return call(__NR_personality, ADDR_NO_RANDOMIZE, 0, 0, 0, 0);
}

static long try_ring(const struct probe_place *place)
{
	char parameters[RING_PARAMETERS] = {0};

	(void)place;
	return call(__NR_io_uring_setup, 1, (long)parameters, 0, 0, 0);
}

/* getpid of 32-bit programs. */
static long try_compat(const struct probe_place *place)
{
	(void)place;
	return compat_syscall(20);
}

static long try_peer_memory(const struct probe_place *place)
{
	long from = 1;
	long to = 0;

	(void)place;
	return sys_process_vm_readv((int)sys_getpid(), &from, &to, sizeof(to));
}

const struct probe_try probe_tries[] = {{"user-namespaces", try_user_namespaces},
	{"container", try_container}, {"mount", try_mount}, {"chroot", try_chroot},
	{"ptrace", try_ptrace}, {"no-new-privileges", try_no_new_privileges},
	{"seccomp-filter", try_filter}, {"seccomp-notification", try_notification},
	{"openat2", try_openat2}, {"memory-program", try_memory_program},
	{"directory-program", try_directory_program}, {"personality", try_personality},
	{"io-uring", try_ring}, {"compat-calls", try_compat}, {"peer-memory", try_peer_memory}};
const size_t probe_try_count = sizeof(probe_tries) / sizeof(probe_tries[0]);
