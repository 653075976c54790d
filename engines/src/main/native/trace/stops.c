#include "trace/stops.h"

#include <linux/errno.h>
#include <linux/ptrace.h>
#include <linux/signal.h>
#include <linux/wait.h>

#include "base/sys.h"
#include "trace/follow.h"
#include "trace/tracee.h"

/* What a stop for a system call reports in place of the signal (PTRACE_O_TRACESYSGOOD). */
enum { CALL_STOP = SIGTRAP | 0x80 };

long stops_seize(int process)
{
	unsigned long options = PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD |
				PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE;

	return sys_ptrace(PTRACE_SEIZE, process, 0, (void *)options);
}

static bool is_stopped(int status)
{
	return (status & 0xff) == 0x7f;
}

static bool stops_group(int signal)
{
	return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

/*
 * A thread may be killed between its stop and the answer, at any step of it; then the kernel says
 * ESRCH and tells of its end next, so that there is nothing to do about it here.
 */
static void answer(int thread, int status, bool filtered)
{
	int go_on = filtered ? PTRACE_CONT : PTRACE_SYSCALL;
	int signal = status >> 8 & 0xff;
	int event = status >> 16;
	unsigned long deliver = 0;

	if (event == PTRACE_EVENT_SECCOMP) {
		follow(thread);
		tracee_redirect(thread);
	} else if (event == PTRACE_EVENT_STOP && stops_group(signal)) {
		/* It stays stopped, for its parent and for SIGCONT, until it is told to go on. */
		go_on = PTRACE_LISTEN;
	} else if (event == 0 && signal == CALL_STOP) {
		follow(thread);
		tracee_redirect_if_wanted(thread);
	} else if (event == 0) {
		deliver = (unsigned long)signal;
	}
	sys_ptrace(go_on, thread, 0, (void *)deliver);
}

void stops_answer_all(bool filtered)
{
	for (;;) {
		int status = 0;
		long thread = sys_wait4(-1, &status, __WALL);

		if (thread == -ECHILD)
			return;
		if (thread > 0 && is_stopped(status))
			answer((int)thread, status, filtered);
	}
}
