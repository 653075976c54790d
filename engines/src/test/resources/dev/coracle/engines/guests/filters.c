/* A guest that confines itself: its own seccomp filters, SIGSYS for its own use, and what it sees of no_new_privs. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include "words.h"

static volatile int caught;
static volatile int caught_number;
static volatile int caught_code;
static volatile int caught_data;

static void on_sigsys(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	caught++;
	caught_number = info->si_syscall;
	caught_code = info->si_code;
	caught_data = info->si_errno;
	if (info->si_code > 0)
		((ucontext_t *)context)->uc_mcontext.gregs[REG_RAX] = -EXDEV;
}

static void handle(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_sigaction = on_sigsys;
	action.sa_flags = SA_SIGINFO;
	sigaction(SIGSYS, &action, NULL);
}

/* One answer for up to four calls, and everything else is allowed. */
static int filter(unsigned answer, const int calls[4])
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[0], 4, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[1], 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[2], 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[3], 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, answer),
	};
	struct sock_fprog program = {sizeof(code) / sizeof(code[0]), code};

	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static void seen(void)
{
	struct sock_filter allow[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
	struct sock_fprog program = {1, allow};

	printf("no_new_privs %d, seccomp %d\n", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), prctl(PR_GET_SECCOMP));
	printf("setting it wrong: %s\n", word(prctl(PR_SET_NO_NEW_PRIVS, 2, 0, 0, 0)));
	printf("a filter nowhere: %s\n", word(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, (void *)8)));
	printf("setting it: %s\n", word(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)));
	printf("a filter: %s\n", word(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program)));
	printf("no_new_privs %d, seccomp %d\n", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), prctl(PR_GET_SECCOMP));
}

/* The handler answers for the kernel: for a call with a path, and for one without. */
static void trap(void)
{
	struct utsname name;

	handle();
	printf("filter: %s\n", word(filter(SECCOMP_RET_TRAP | 7, (int[]){SYS_openat, SYS_uname, SYS_open, SYS_uname})));
	printf("openat: %s\n", word(openat(AT_FDCWD, "/etc/passwd", O_RDONLY)));
	printf("caught %d, call %d, code %d, data %d\n", caught, caught_number, caught_code, caught_data);
	printf("uname: %s\n", word(uname(&name)));
	printf("caught %d, call %d, code %d, data %d\n", caught, caught_number, caught_code, caught_data);
	printf("access: %s\n", word(access("/etc/passwd", R_OK)));
}

/* Calls that an engine would make on the way, refused. */
static void refuse(void)
{
	struct stat status;
	char text[4] = "";

	(void)!symlink("/etc/../etc/passwd", "link");
	printf("filter: %s\n", word(filter(SECCOMP_RET_ERRNO | ENOTTY,
		(int[]){SYS_readlinkat, SYS_rt_sigprocmask, SYS_sigaltstack, SYS_getpid})));
	int file = open("link", O_RDONLY);

	printf("open: %s\n", word(file));
	printf("read: %ld\n", (long)read(file, text, 4));
	printf("stat: %s\n", word(stat("/usr/bin/../bin/env", &status)));
	printf("getpid: %s\n", word(syscall(SYS_getpid)));
	fflush(stdout);
	execl("/bin/echo", "echo", "executed", (char *)NULL);
}

static int end_of(void (*run)(void))
{
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		run();
		_exit(3);
	}
	waitpid(child, &status, 0);
	return status & 0xff7f;
}

static void killed_by_filter(void)
{
	filter(SECCOMP_RET_KILL_PROCESS, (int[]){SYS_mkdir, SYS_mkdirat, SYS_mkdir, SYS_mkdir});
	mkdir("killed", 0700);
}

static void trapped_without_handler(void)
{
	signal(SIGSYS, SIG_DFL);
	filter(SECCOMP_RET_TRAP, (int[]){SYS_mkdir, SYS_mkdirat, SYS_mkdir, SYS_mkdir});
	mkdir("trapped", 0700);
}

static void trapped_while_blocked(void)
{
	sigset_t set;

	handle();
	sigemptyset(&set);
	sigaddset(&set, SIGSYS);
	sigprocmask(SIG_BLOCK, &set, NULL);
	filter(SECCOMP_RET_TRAP, (int[]){SYS_getppid, SYS_mkdir, SYS_mkdirat, SYS_mkdir});
	mkdir("trapped", 0700);
}

static void raised(void)
{
	raise(SIGSYS);
}

static void ends(void)
{
	printf("killed by a filter: %x\n", end_of(killed_by_filter));
	printf("trapped without a handler: %x\n", end_of(trapped_without_handler));
	printf("trapped while blocked: %x\n", end_of(trapped_while_blocked));
	printf("raised: %x\n", end_of(raised));
	signal(SIGSYS, SIG_IGN);
	printf("raised and ignored: %x\n", end_of(raised));
}

static void own(void)
{
	sigset_t set;
	sigset_t pending;

	handle();
	raise(SIGSYS);
	printf("caught %d, code %d\n", caught, caught_code);
	sigfillset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	raise(SIGSYS);
	sigpending(&pending);
	printf("blocked: caught %d, pending %d, path %s\n", caught, sigismember(&pending, SIGSYS), word(access("/etc/passwd", R_OK)));
	sigprocmask(SIG_SETMASK, NULL, &set);
	printf("in the mask: %d\n", sigismember(&set, SIGSYS));
	sigemptyset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	printf("unblocked: caught %d\n", caught);
	signal(SIGSYS, SIG_IGN);
	raise(SIGSYS);
	printf("ignored: %s\n", word(access("/etc/passwd", R_OK)));
}

/* Not a guest: a host that refuses filters, for the command that follows. */
static void deny(char **command)
{
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (filter(SECCOMP_RET_ERRNO | EPERM, (int[]){SYS_seccomp, SYS_seccomp, SYS_seccomp, SYS_seccomp}) == 0)
		execv(command[0], command);
	perror(command[0]);
}

int main(int count, char **arguments)
{
	const struct {
		const char *name;
		void (*run)(void);
	} parts[] = {{"seen", seen}, {"trap", trap}, {"refuse", refuse}, {"ends", ends}, {"own", own}};

	for (size_t i = 0; count > 1 && i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(arguments[1], parts[i].name) == 0)
			parts[i].run();
	}
	if (count > 2 && strcmp(arguments[1], "deny") == 0)
		deny(arguments + 2);
	return 0;
}
