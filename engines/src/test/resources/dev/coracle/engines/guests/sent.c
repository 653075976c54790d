/* Signals that others send: to kill, to stop, and many at once. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "signals.h"
#include "words.h"

static volatile siginfo_t last_child;

static void note(int signal, siginfo_t *info, void *context)
{
	(void)context;
	hits[signal]++;
	if (signal == SIGCHLD)
		last_child = *info;
}

/* A process that is killed in the middle of a call leaves the others as they
 * were. */
static void killed_in_a_call(void)
{
	int wrong = 0;

	for (int i = 0; i < 150; i++) {
		int status;
		struct stat st;
		pid_t pid = fork();

		if (pid == 0) {
			for (;;) {
				close(open("/etc/passwd", O_RDONLY));
				mkdir("/work/made", 0755);
				rename("/work/made", "/work/moved");
				symlink("/etc", "/work/moved/link");
				stat("/work/moved/link/passwd", &st);
				unlink("/work/moved/link");
				rmdir("/work/moved");
			}
		}
		usleep((unsigned)(i * 37 % 1500));
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		wrong += !WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL ||
			 stat("/usr/bin/env", &st) != 0;
		unlink("/work/moved/link");
		rmdir("/work/moved");
		rmdir("/work/made");
		wrong += mkdir("/work/moved", 0755) != 0 || rmdir("/work/moved") != 0;
	}
	printf("wrong: %d, %s\n", wrong, paths());
}

/* Stopped and continued: the parent is told of each. */
static void stopped(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		for (;;)
			close(open("/etc/passwd", O_RDONLY));
	}
	for (int i = 0; i < 3; i++) {
		kill(pid, SIGSTOP);
		printf("%s", waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status)
				     ? "stopped"
				     : "not stopped");
		printf(" by %d, ", WSTOPSIG(status));
		kill(pid, SIGCONT);
		printf("%s\n", waitpid(pid, &status, WCONTINUED) == pid && WIFCONTINUED(status)
				       ? "continued"
				       : "not continued");
	}
	kill(pid, SIGTERM);
	waitpid(pid, &status, 0);
	printf("ended %x\n", (unsigned)status);
}

/* What came with a signal is still with it when it has been put off, and each
 * of them comes. */
static void queued_on(int flags)
{
	int status;
	pid_t parent = getpid();
	volatile long sum = 0;
	struct stat st;

	hits[SIGCHLD] = 0;
	hits[SIGRTMIN] = 0;
	handle(SIGRTMIN, note, flags);
	handle(SIGCHLD, note, flags);
	pid_t pid = fork();

	if (pid == 0) {
		for (int i = 1; i <= 500; i++) {
			while (sigqueue(parent, SIGRTMIN, (union sigval){.sival_int = i}) < 0)
				usleep(100);
		}
		_exit(4);
	}
	while (hits[SIGCHLD] == 0) {
		stat("/usr/bin/env", &st);
		sum++;
	}
	printf("child: code %d, status %d, its number %s\n", last_child.si_code,
		last_child.si_status, last_child.si_pid == pid ? "right" : "wrong");
	waitpid(pid, &status, 0);
	printf("all of them: %d, mask %x\n", hits[SIGRTMIN], mask_now());
}

static void queued(void)
{
	stack_t stack = {.ss_sp = malloc(65536), .ss_size = 65536};

	for (int i = 0; i < 10; i++)
		queued_on(0);
	sigaltstack(&stack, NULL);
	for (int i = 0; i < 10; i++)
		queued_on(SA_ONSTACK);
}

int main(int count, char **arguments)
{
	const struct {
		const char *name;
		void (*run)(void);
	} parts[] = {{"killed", killed_in_a_call}, {"stopped", stopped}, {"queued", queued}};

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; count > 1 && i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(arguments[1], parts[i].name) == 0)
			parts[i].run();
	}
	return 0;
}
