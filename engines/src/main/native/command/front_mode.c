#include "command/front_mode.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/ptrace.h>
#include <linux/seccomp.h>
#include <linux/signal.h>
#include <linux/wait.h>

#include "base/mem.h"
#include "base/sys.h"
#include "base/text.h"

const char *front_variable(char **environment, const char *name)
{
	for (size_t i = 0; environment[i] != NULL; i++) {
		if (text_starts(environment[i], name))
			return environment[i] + strlen(name);
	}
	return NULL;
}

/* A filter that does not exist cannot be read, where there is such a call and it may be made. */
static bool may_filter(void)
{
	return sys_seccomp(SECCOMP_SET_MODE_FILTER, 0, NULL) == -EFAULT;
}

/* Tries it with a child that waits for its end. */
static bool may_trace(void)
{
	int pipe[2];
	int status = 0;
	char byte = 0;
	long child;
	long error;

	if (sys_pipe2(pipe, O_CLOEXEC) < 0)
		return false;
	child = sys_fork();
	if (child == 0) {
		sys_close(pipe[1]);
		(void)sys_read(pipe[0], &byte, sizeof(byte));
		sys_exit_group(0);
	}
	error = child < 0 ? child
			  : sys_ptrace(PTRACE_SEIZE, (int)child, 0, (void *)PTRACE_O_EXITKILL);
	sys_close(pipe[0]);
	sys_close(pipe[1]);
	if (child > 0) {
		sys_kill((int)child, SIGKILL);
		while (sys_wait4((int)child, &status, (int)__WALL) == -EINTR)
			;
	}
	return error == 0;
}

const char *front_mode(char **environment)
{
	const char *chosen = front_variable(environment, "CORACLE_PROOT_MODE=");

	if (chosen != NULL && chosen[0] != '\0')
		return chosen;
	return front_variable(environment, "PROOT_NO_SECCOMP=") == NULL && may_filter() &&
			       may_trace()
		       ? "P1"
		       : "F1";
}
