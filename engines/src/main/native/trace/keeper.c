#include "trace/keeper.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/prctl.h>
#include <linux/signal.h>
#include <linux/wait.h>

#include "base/sys.h"
#include "trace/stops.h"

/* The one descriptor of the tracer, until it has told whether it is one. */
enum { ANSWER };

/* The kernel of old has no call that closes a range. */
enum { DESCRIPTORS_MOST = 1 << 16 };

/* What the command has open the tracer must not hold open: others wait for its end. */
static long keep_only(int answer)
{
	long error = answer == ANSWER ? 0 : sys_dup3(answer, ANSWER, O_CLOEXEC);

	if (error >= 0 && sys_close_range(ANSWER + 1, ~0U) < 0) {
		for (int i = ANSWER + 1; i < DESCRIPTORS_MOST; i++)
			sys_close(i);
	}
	return error < 0 ? error : sys_chdir("/");
}

__attribute__((noreturn)) static void keep(int answer, int first, bool filtered)
{
	long result = keep_only(answer);

	sys_prctl(PR_SET_NAME, (unsigned long)"coracle-tracer", 0);
	if (result >= 0)
		result = stops_seize(first, filtered);
	if (sys_write(ANSWER, &result, sizeof(result)) != (long)sizeof(result) || result < 0)
		sys_exit_group(1);
	sys_close(ANSWER);
	stops_answer_all((enum net)result);
	sys_exit_group(0);
}

/* Its parent ends at once, so that it is nobody's child that a guest could wait for. */
static long start(const int answer[2], bool filtered)
{
	int first = (int)sys_getpid();
	int status;
	long between = sys_fork_silently();

	if (between == 0) {
		if (sys_fork_silently() == 0)
			keep(answer[1], first, filtered);
		/* Without a child nobody is left to answer. */
		sys_exit_group(0);
	}
	return between < 0 ? between : sys_wait4((int)between, &status, __WALL);
}

long keeper_start(bool filtered)
{
	unsigned long all = ~0UL;
	unsigned long before = 0;
	int answer[2];
	long result = sys_pipe2(answer, O_CLOEXEC);
	long got = 0;

	if (result < 0)
		return result;
	/* What comes for the whole foreground, and what stops it, is not for the tracer. */
	sys_rt_sigprocmask(SIG_SETMASK, &all, &before);
	/* Yama asks for leave; a kernel without it knows no such option. */
	(void)sys_prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0);
	result = start(answer, filtered);
	sys_close(answer[1]);
	if (result >= 0)
		got = sys_read(answer[0], &result, sizeof(result));
	sys_close(answer[0]);
	(void)sys_prctl(PR_SET_PTRACER, 0, 0);
	sys_rt_sigprocmask(SIG_SETMASK, &before, NULL);
	return result < 0 || got == (long)sizeof(result) ? result : -EAGAIN;
}
