/* A guest that traces others: stops, registers, single steps over every call,
 * threads, and what it must not see. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "words.h"

static void look(void)
{
	struct stat status;
	char where[100];

	stat("/usr/bin/env", &status);
	close(open("/etc/passwd", O_RDONLY));
	access(getenv("HOST_ONLY"), F_OK);
	(void)!getcwd(where, sizeof(where));
	raise(SIGUSR1);
}

static void caught(int signal)
{
	(void)signal;
}

/* Every instruction of a child is stepped over, those of whoever answers its
 * calls too. */
static void single_steps(void)
{
	int status;
	long steps = 0;
	pid_t pid = fork();

	if (pid == 0) {
		signal(SIGUSR1, caught);
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		look();
		_exit(access("/etc/passwd", R_OK) == 0 && access(getenv("HOST_ONLY"), F_OK) < 0
				? 5
				: 6);
	}
	waitpid(pid, &status, 0);
	while (!WIFEXITED(status) && !WIFSIGNALED(status) && steps < 2000000) {
		int deliver = WIFSTOPPED(status) && WSTOPSIG(status) != SIGTRAP &&
					      WSTOPSIG(status) != SIGSTOP
				      ? WSTOPSIG(status)
				      : 0;

		if (ptrace(PTRACE_SINGLESTEP, pid, NULL, deliver) < 0)
			break;
		steps++;
		waitpid(pid, &status, 0);
	}
	printf("%s steps, ended %x\n", steps > 500 ? "many" : "few", (unsigned)status);
}

/* From stop to stop of system calls: as many ends as beginnings, and the child
 * does not notice. */
static void call_stops(void)
{
	int status;
	long begins = 0;
	long ends = 0;
	pid_t pid = fork();

	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		for (int i = 0; i < 50; i++)
			look();
		_exit(7);
	}
	signal(SIGUSR1, caught);
	waitpid(pid, &status, 0);
	ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
	while (!WIFEXITED(status) && !WIFSIGNALED(status)) {
		struct __ptrace_syscall_info info;
		int deliver = 0;

		if (WIFSTOPPED(status) && WSTOPSIG(status) == (SIGTRAP | 0x80)) {
			ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info);
			begins += info.op == PTRACE_SYSCALL_INFO_ENTRY;
			ends += info.op == PTRACE_SYSCALL_INFO_EXIT;
		} else if (WIFSTOPPED(status) && WSTOPSIG(status) != SIGTRAP &&
			   WSTOPSIG(status) != SIGSTOP && WSTOPSIG(status) != SIGUSR1) {
			deliver = WSTOPSIG(status);
		}
		ptrace(PTRACE_SYSCALL, pid, NULL, deliver);
		waitpid(pid, &status, 0);
	}
	printf("%s calls, %ld left open, ended %x\n", begins > 200 ? "many" : "few", begins - ends,
		(unsigned)status);
}

static void *work(void *unused)
{
	(void)unused;
	for (;;)
		look();
	return NULL;
}

/* Seized while it works in several threads, interrupted, looked at, listened
 * to, and let go. */
static void seized(void)
{
	int status;
	char byte[1];
	pid_t pid = fork();

	if (pid == 0) {
		pthread_t threads[3];

		signal(SIGUSR1, caught);
		for (int i = 0; i < 3; i++)
			pthread_create(&threads[i], NULL, work, NULL);
		work(NULL);
	}
	usleep(20000);
	printf("seize: %s\n", word(ptrace(PTRACE_SEIZE, pid, NULL, PTRACE_O_TRACEEXIT)));
	for (int i = 0; i < 200; i++) {
		struct user_regs_struct registers;
		struct iovec there = {(void *)(unsigned long)look, 1};
		struct iovec here = {byte, 1};

		if (ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) < 0)
			printf("interrupt: %s\n", strerror(errno));
		waitpid(pid, &status, __WALL);
		while (WIFSTOPPED(status) && status >> 16 != PTRACE_EVENT_STOP) {
			ptrace(PTRACE_CONT, pid, NULL, WSTOPSIG(status));
			waitpid(pid, &status, __WALL);
		}
		if (ptrace(PTRACE_GETREGS, pid, NULL, &registers) < 0 || registers.rip == 0)
			puts("no registers");
		if (process_vm_readv(pid, &here, 1, &there, 1, 0) != 1 ||
			byte[0] != *(char *)(unsigned long)look)
			puts("no memory");
		ptrace(PTRACE_CONT, pid, NULL, NULL);
	}
	ptrace(PTRACE_INTERRUPT, pid, NULL, NULL);
	waitpid(pid, &status, __WALL);
	while (WIFSTOPPED(status) && status >> 16 != PTRACE_EVENT_STOP) {
		ptrace(PTRACE_CONT, pid, NULL, WSTOPSIG(status));
		waitpid(pid, &status, __WALL);
	}
	printf("let go: %s\n", word(ptrace(PTRACE_DETACH, pid, NULL, NULL)));
	usleep(5000);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	printf("ended %x\n", (unsigned)status);
}

/* The tracer is told of an execve, a fork and an exit of the child. */
static void events(void)
{
	int status;
	int events[16] = {0};
	int alive = 1;
	pid_t pid = fork();

	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		execl("/bin/sh", "sh", "-c", "/bin/true; exit 4", (char *)NULL);
		_exit(1);
	}
	waitpid(pid, &status, 0);
	ptrace(PTRACE_SETOPTIONS, pid, NULL,
		PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXIT);
	ptrace(PTRACE_CONT, pid, NULL, NULL);
	while (alive > 0) {
		pid_t who = waitpid(-1, &status, __WALL);

		if (who < 0)
			break;
		if (WIFEXITED(status) || WIFSIGNALED(status)) {
			printf("%s ended %x\n", who == pid ? "child" : "grandchild",
				(unsigned)status);
			alive--;
			continue;
		}
		int event = status >> 16 & 15;

		events[event]++;
		alive += event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK ||
			 event == PTRACE_EVENT_CLONE;
		ptrace(PTRACE_CONT, who, NULL,
			event == 0 && WSTOPSIG(status) != SIGTRAP && WSTOPSIG(status) != SIGSTOP
				? WSTOPSIG(status)
				: 0);
	}
	printf("made %d, executed %s, exits %d\n",
		events[PTRACE_EVENT_FORK] + events[PTRACE_EVENT_VFORK] + events[PTRACE_EVENT_CLONE],
		events[PTRACE_EVENT_EXEC] > 0 ? "yes" : "no", events[PTRACE_EVENT_EXIT]);
}

/* Breakpoints, as a debugger writes them into code, are the guest's own
 * business. */
static void break_point(void)
{
	int status;
	long hits = 0;
	pid_t pid = fork();

	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		signal(SIGUSR1, caught);
		for (int i = 0; i < 20; i++)
			look();
		_exit(8);
	}
	waitpid(pid, &status, 0);
	long old = ptrace(PTRACE_PEEKTEXT, pid, look, NULL);

	ptrace(PTRACE_POKETEXT, pid, look, (old & ~0xffL) | 0xcc);
	ptrace(PTRACE_CONT, pid, NULL, NULL);
	while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		struct user_regs_struct registers;

		if (WSTOPSIG(status) != SIGTRAP) {
			ptrace(PTRACE_CONT, pid, NULL, WSTOPSIG(status));
			continue;
		}
		ptrace(PTRACE_GETREGS, pid, NULL, &registers);
		if (registers.rip - 1 != (unsigned long)look)
			puts("elsewhere");
		hits++;
		registers.rip--;
		ptrace(PTRACE_SETREGS, pid, NULL, &registers);
		ptrace(PTRACE_POKETEXT, pid, look, old);
		ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL);
		waitpid(pid, &status, 0);
		ptrace(PTRACE_POKETEXT, pid, look, (old & ~0xffL) | 0xcc);
		ptrace(PTRACE_CONT, pid, NULL, NULL);
	}
	printf("hits %ld, ended %x\n", hits, (unsigned)status);
}

/* What whoever answers a child's calls keeps in registers is ruined in the
 * middle of a call that takes a path: it fails, and says so. */
static void ruin(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		look();
		_exit(9);
	}
	waitpid(pid, &status, 0);
	ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
	while (ptrace(PTRACE_SYSCALL, pid, NULL, NULL) == 0 && waitpid(pid, &status, 0) == pid &&
		WIFSTOPPED(status)) {
		struct user_regs_struct registers;

		ptrace(PTRACE_GETREGS, pid, NULL, &registers);
		if (registers.orig_rax != SYS_newfstatat && registers.orig_rax != SYS_openat2 &&
			registers.orig_rax != SYS_stat)
			continue;
		registers.rbx = registers.rbp = registers.r12 = registers.r13 = registers.r14 =
			registers.r15 = 8;
		ptrace(PTRACE_SETREGS, pid, NULL, &registers);
		ptrace(PTRACE_DETACH, pid, NULL, NULL);
		waitpid(pid, &status, 0);
		break;
	}
	printf("ended by signal %d\n", status & 0x7f);
}

int main(int count, char **arguments)
{
	const struct {
		const char *name;
		void (*run)(void);
	} parts[] = {{"steps", single_steps}, {"calls", call_stops}, {"seized", seized},
		{"events", events}, {"break", break_point}, {"ruin", ruin}};

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; count > 1 && i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(arguments[1], parts[i].name) == 0)
			parts[i].run();
	}
	return 0;
}
