#include "trace/stops.h"

#include <linux/audit.h>
#include <linux/errno.h>
#include <linux/ptrace.h>
#include <linux/signal.h>
#include <linux/wait.h>

#include "base/sys.h"
#include "intercept/filter.h"
#include "intercept/trapping.h"
#include "machine.h"
#include "trace/follow.h"
#include "trace/tracee.h"

/* What a stop for a system call reports in place of the signal (PTRACE_O_TRACESYSGOOD). */
enum { CALL_STOP = SIGTRAP | 0x80 };

static bool is_stopped(int status)
{
	return (status & 0xff) == 0x7f;
}

static bool stops_group(int signal)
{
	return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

/* How the thread comes to its next stop. */
static int request_of(enum net net)
{
	return net == NET_CALLS ? PTRACE_SYSCALL : PTRACE_CONT;
}

/* The net under one thread: what the kernel dispatches are not calls of 32 bits. The other is under
 * all of them. */
static enum net net_under(int thread, enum net net)
{
	return net == NET_DISPATCH && tracee_is_compat(thread) != 0 ? NET_CALLS : net;
}

/*
 * A thread may be killed between its stop and the answer, at any step of it; then the kernel says
 * ESRCH and tells of its end next, so that there is nothing to do about that here.
 */
static void go_on(int thread, int request, int signal)
{
	sys_ptrace(request, thread, 0, (void *)(unsigned long)signal);
}

static int event_of(int status)
{
	return status >> 16;
}

/* Those of signals that wait to be delivered. */
static int signal_of(int status)
{
	int signal = status >> 8 & 0xff;

	return event_of(status) == 0 && signal != CALL_STOP ? signal : 0;
}

long stops_seize(int process, bool filtered)
{
	unsigned long options = PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD |
				PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE;
	long error = sys_ptrace(PTRACE_SEIZE, process, 0, (void *)options);
	enum net net = NET_CALLS;
	int status = 0;

	if (error < 0 || filtered)
		return error < 0 ? error : NET_FILTER;
	/* It is asked for in a stop, and so do stops for calls begin. */
	error = sys_ptrace(PTRACE_INTERRUPT, process, 0, NULL);
	if (error < 0)
		return error;
	if (sys_wait4(process, &status, __WALL) != process || !is_stopped(status))
		return -ESRCH;
	if (tracee_dispatch(process) == 0)
		net = NET_DISPATCH;
	go_on(process, request_of(net), signal_of(status));
	return net;
}

/* Has our own net raised it? */
static bool is_for_us(const siginfo_t *info)
{
	return info->si_code == SYS_USER_DISPATCH ||
	       (info->si_code == SYS_SECCOMP && info->si_errno == FILTER_TRACED);
}

/*
 * Leads its call into the gate, if that is what it has stopped for. TRACEE_ASKS if it is a question
 * (then `whom` is set), TRACEE_LED, or 0.
 */
static long redirect(int thread, int status, int *whom)
{
	siginfo_t info = {0};

	if (signal_of(status) != SIGSYS || sys_ptrace(PTRACE_GETSIGINFO, thread, 0, &info) < 0 ||
		!is_for_us(&info))
		return 0;
	if (info.si_code == SYS_USER_DISPATCH && info.si_arch != MACHINE_AUDIT) {
		tracee_answer(thread, -ENOSYS);
		return TRACEE_LED;
	}
	return tracee_redirect(thread, whom);
}

/*
 * Somebody else wants to trace it, a debugger in the guest. Whatever it has stopped for, it goes on
 * with that; a stop of its whole group lasts. A 32-bit program stays: the debugger gets EPERM.
 */
static void let_go(int thread)
{
	int status = 0;
	int whom;

	if (tracee_is_compat(thread) == 1)
		return;
	if (sys_ptrace(PTRACE_INTERRUPT, thread, 0, NULL) < 0 ||
		sys_wait4(thread, &status, __WALL) != thread || !is_stopped(status))
		return;
	if (redirect(thread, status, &whom) == TRACEE_LED)
		status = 0;
	else if (event_of(status) == 0 && status >> 8 == CALL_STOP)
		tracee_redirect_if_wanted(thread, &whom);
	go_on(thread, PTRACE_DETACH, signal_of(status));
}

/* Back comes how the thread goes on. */
static int answer_question(int thread, int whom, int request)
{
	if (whom > 0)
		let_go(whom);
	if (whom == TRAPPING_NOBODY) {
		tracee_answer(thread, TRAPPING_SEEN);
		return request;
	}
	tracee_answer(thread, 0);
	return whom > 0 ? request : PTRACE_DETACH;
}

/* Has our own filter stopped it before a 32-bit call? */
static bool is_compat_call(int thread)
{
	unsigned long message = 0;

	return sys_ptrace(PTRACE_GETEVENTMSG, thread, 0, &message) >= 0 && message == FILTER_TRACED;
}

/* It was led into the gate, or asks: that may be about its net. */
static void answer_led(int thread, long led, int whom, enum net net)
{
	int request = request_of(net);

	follow(thread);
	if (led == TRACEE_ASKS)
		request = answer_question(thread, whom, request_of(net_under(thread, net)));
	go_on(thread, request, 0);
}

static void answer(int thread, int status, enum net run)
{
	int whom = 0;
	long led = redirect(thread, status, &whom);
	enum net net;
	int request;

	if (led != 0) {
		answer_led(thread, led, whom, run);
		return;
	}
	net = net_under(thread, run);
	request = request_of(net);
	if (event_of(status) == PTRACE_EVENT_STOP && stops_group(status >> 8 & 0xff)) {
		/* It stays stopped, for its parent and for SIGCONT, until it is told to go on. */
		request = PTRACE_LISTEN;
	} else if (event_of(status) == PTRACE_EVENT_STOP) {
		/* A new one inherits no dispatch. */
		if (net == NET_DISPATCH)
			tracee_dispatch(thread);
	} else if (event_of(status) == PTRACE_EVENT_SECCOMP) {
		follow(thread);
		/* A filter of the guest's that hopes for a tracer finds none. */
		if (is_compat_call(thread))
			tracee_redirect_compat(thread);
		else if (tracee_asks(thread, &whom) == TRACEE_ASKS)
			request = answer_question(thread, whom, request);
		else
			tracee_answer(thread, -ENOSYS);
	} else if (event_of(status) == 0 && status >> 8 == CALL_STOP) {
		follow(thread);
		if (tracee_redirect_if_wanted(thread, &whom) == TRACEE_ASKS)
			request = answer_question(thread, whom, request);
	}
	go_on(thread, request, signal_of(status));
}

void stops_answer_all(enum net net)
{
	for (;;) {
		int status = 0;
		long thread = sys_wait4(-1, &status, __WALL);

		if (thread == -ECHILD)
			return;
		if (thread > 0 && is_stopped(status))
			answer((int)thread, status, net);
	}
}
